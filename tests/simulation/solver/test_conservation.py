"""What a closed system keeps is kept to rounding, whatever the tolerance."""

from __future__ import annotations

import numpy as np
import pytest
from written_models import written

ENZYME = written("""
    species S, E, C, P; S = 10; E = 0.1; C = 0; P = 0; kf = 1e4; kr = 10; kcat = 50
    binding: S + E -> C; kf * S * E - kr * C
    turnover: C -> E + P; kcat * C
""")
ENERGY = written("""
    species ATP, ADP, AMP, PCr, Cr; ATP = 3; ADP = 0.05; AMP = 0.001; PCr = 5; Cr = 5; k = 5000; kck = 100; v = 1
    kinase: 2 ADP -> ATP + AMP; k * (ADP^2 - ATP * AMP)
    buffer: PCr + ADP -> ATP + Cr; kck * (PCr * ADP - ATP * Cr / 100)
    use: ATP -> ADP; v * ATP / (0.5 + ATP)
    make: ADP -> ATP; v * ADP / (0.05 + ADP)
    at time > 3: v = 5
""")
VOLUMES = written("""
    compartment small, large; small = 0.02; large = 5; species A in small, B in large; A = 100; B = 0; p = 0.3
    exchange: A -> B; p * (A - B)
""")


@pytest.mark.parametrize("rtol", [1e-2, 1e-4, 1e-8])
@pytest.mark.parametrize(
    ("model", "weights"),
    [
        (ENZYME, {"S": 1, "C": 1, "P": 1}),
        (ENZYME, {"E": 1, "C": 1}),
        (ENERGY, {"ATP": 1, "ADP": 1, "AMP": 1}),
        (ENERGY, {"PCr": 1, "Cr": 1}),
        (VOLUMES, {"amount(A)": 1, "amount(B)": 1}),
        (VOLUMES, {"A": 0.02, "B": 5}),
    ],
)
def test_totals_are_kept_to_rounding(model, weights, rtol):
    found = model.simulate(np.linspace(0, 10, 21), observables=tuple(weights), rtol=rtol)
    total = found.values[0] @ np.array(list(weights.values()))
    # Each step's rounding is a few units; there are some hundred steps.
    np.testing.assert_allclose(total, total[0], rtol=1e-13)
    assert (np.ptp(found.values[0], axis=0) > 0.01).all()  # while every part of it moves

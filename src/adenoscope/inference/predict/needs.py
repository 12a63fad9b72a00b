"""What has to be simulated to predict observations, why some cannot be, and the predictions once it is."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from adenoscope.core.protocol import Protocol
from adenoscope.inference.predict.experiments import NotDescribed, moment_s, protocol_of
from adenoscope.inference.predict.mitochondria import METABOLITES
from adenoscope.inference.predict.observations import Observation
from adenoscope.inference.predict.readouts import CURVE, QUANTITIES, quantity_of, readout_of, reference_of
from adenoscope.inference.predict.runs import Curves
from adenoscope.simulation.solver.tables import Numbers

OFTEN = ("dff", "fst_immobility_s", "spt_preference_percent")  # one plan of the engine for what most rows need


def why_not(o: Observation) -> str:
    """Return why an observation cannot be predicted; "" where it can."""
    if o.readout in METABOLITES:
        return ""
    if readout_of(o) is None:
        known = [*CURVE, *(f"{name}_change" for name in QUANTITIES), "..._ratio", *METABOLITES]
        return f"the readout `{o.readout}`: known are {', '.join(known)}"
    try:
        needed_runs([o])
    except NotDescribed as error:
        return str(error)
    return ""


def predictable(observations: Sequence[Observation]) -> list[Observation]:
    """Return the observations that curves predict."""
    return [o for o in observations if o.readout not in METABOLITES and not why_not(o)]


def needed_runs(observations: Sequence[Observation]) -> list[Protocol]:
    """Return every protocol that the observations, and what they are compared with, are made in; once each."""
    runs: dict[Protocol, None] = {}
    for o in observations:
        runs |= dict.fromkeys((protocol_of(o), reference_of(o), protocol_of(o, treated=False)))
    return list(runs)


def needed_moments(observations: Sequence[Observation]) -> list[float]:
    """Return when behaviour is looked at [s]."""
    return sorted({moment_s(o) for o in observations})


def needed_quantities(observations: Sequence[Observation]) -> tuple[str, ...]:
    """Return the model's names of all that is read."""
    more = {QUANTITIES[quantity_of(o)] for o in observations if o.readout not in CURVE}
    return (*OFTEN, *sorted(more - set(OFTEN)))


def predict(observations: Sequence[Observation], curves: Curves, n_draws: int) -> Numbers:
    """Return predictions in the observations' units, shape (draw, observation); NaN for what is not predicted."""
    told = set(predictable(observations))
    columns = [readout_of(o)(o, curves) if o in told else np.full(n_draws, np.nan) for o in observations]  # type: ignore[misc]
    return np.stack(columns, axis=1)

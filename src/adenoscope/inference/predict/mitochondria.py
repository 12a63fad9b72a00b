"""Labelled metabolites of isolated mitochondria, and which step of the TCA cycle they say carries the brake."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np

from adenoscope.inference.predict.observations import Observation
from adenoscope.mechanism.pieces import compose, constants
from adenoscope.simulation import Model, model_from_text
from adenoscope.simulation.solver.tables import Numbers

INCUBATION_S = 1800.0
METABOLITES = {
    **{f"{name}_enrichment": f"label_{name}" for name in ("pyruvate", "citrate", "succinate", "fumarate", "malate")},
}
SHARED = ("tca_imax", "ketamine_ic50_mitochondria", "fumarase", "fumarase_k")
OWN = ("entry_rate", "akgdh_rate", "sdh_rate", "mdh_rate")
# Which steps carry the brake, under each hypothesis.
SITES: Mapping[str, tuple[str, ...]] = {
    "pyruvate entry": ("at_entry",),
    "alpha-ketoglutarate dehydrogenase": ("at_akgdh",),
    "succinate dehydrogenase": ("at_sdh",),
    "complex I": ("at_complex1",),
    "pyruvate entry and succinate dehydrogenase": ("at_entry", "at_sdh"),
}


@cache
def mitochondria() -> Model:
    """Return the model of isolated mitochondria."""
    shared = {name: constants("energy", "mouse")[name].value for name in SHARED}
    return model_from_text(compose("mouse", ("mitochondria",), given=shared))


def predict_enrichment(observations: Sequence[Observation], drawn: Mapping[str, Numbers]) -> Numbers:
    """Return label relative to vehicle [1], shape (draw, observation); NaN for other readouts.

    ``drawn``: constants of the mitochondria's model by name, one value for each draw; others are ignored.
    """
    model = mitochondria()
    own = {name: value for name, value in drawn.items() if name in model.system.inputs}
    doses = sorted({0.0, *(o.dose for o in observations if o.readout in METABOLITES)})
    n_draws = max((value.size for value in own.values()), default=1)
    parameters = {name: np.repeat(value, len(doses)) for name, value in own.items()}
    parameters["ketamine_um"] = np.tile(doses, n_draws)
    names = tuple(METABOLITES.values())
    result = model.simulate([0.0, INCUBATION_S], parameters=parameters, observables=names, rtol=1e-6, atol=1e-10)
    ends = result.values[:, -1].reshape(n_draws, len(doses), len(names))
    ratios = ends / ends[:, :1]
    columns = [
        ratios[:, doses.index(o.dose), names.index(METABOLITES[o.readout])]
        if o.readout in METABOLITES
        else np.full(n_draws, np.nan)
        for o in observations
    ]
    return np.stack(columns, axis=1)

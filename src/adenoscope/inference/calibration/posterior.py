"""What observations say about the mechanism's constants: priors from ``values``, one likelihood for all rows.

Constants are fitted in logarithms. Prior: normal, with ``low`` to ``high`` holding 95 %. Likelihood: a row's band
holds 95 % of what would agree with it; where one side of a band is open, only the other counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from adenoscope.core.parameter import Parameter
from adenoscope.inference.calibration.mitochondria import OWN, predict_enrichment
from adenoscope.inference.calibration.observations import Observation
from adenoscope.inference.calibration.readouts import Curves, needed_runs, predict
from adenoscope.inference.calibration.runs import simulate_runs
from adenoscope.mechanism.pieces import LIBRARY, PIECES, compose, constants
from adenoscope.simulation import Model, model_from_text
from adenoscope.simulation.solver.tables import Numbers

NORMAL_95 = 1.959964
FARTHEST = 20.0  # deviation, in standard deviations, of a row that could not be computed
FITTED = (
    *("ketamine_absorption", "ketamine_clearance", "ketamine_volume", "ketamine_flow1", "ketamine_kpuu"),
    *("ketamine_equilibration", "dipyridamole_brain_volume", "deschloroketamine_ic50_mitochondria"),
    *("tca_imax", "ketamine_ic50_mitochondria", "adp_rest", "respiration_km_adp", "respiration_km_o2", "oxidase_km"),
    *("nadh_inhibition", "pyruvate_rest", "pfk_gain", "lactate_export"),
    *("adenosine_rest", "adenosine_neuron_rest", "adenosine_astro_rest", "cn_neuron_rest", "cn_adp_half", "adk_km"),
    *("adk_amp_inhibition", "ent_neuron", "ent_astro", "outside_clearance", "ent1_share"),
    *("sensor_ec50", "sensor_dff_max", "mask_lag", "pto2_rest", "cbf_hypoxic_gain"),
    *("coincidence_half", "synapse_growth", "synapses_most", *OWN),
)


@dataclass(frozen=True)
class Target:
    """The observations and the model they are to be explained with; ``priors`` by name, in the order of vectors."""

    observations: tuple[Observation, ...]
    model: Model
    priors: Mapping[str, Parameter]

    @property
    def centre(self) -> Numbers:
        return np.log([prior.value for prior in self.priors.values()])

    @property
    def spread(self) -> Numbers:
        return np.array([np.log(prior.high / prior.low) / (2 * NORMAL_95) for prior in self.priors.values()])


def make_target(observations: Sequence[Observation]) -> Target:
    """Return what to calibrate the mouse's mechanism with."""
    known: dict[str, Parameter] = {}
    for piece in (*PIECES, LIBRARY, "mitochondria"):
        known |= constants(piece, "mouse")
    return Target(tuple(observations), model_from_text(compose("mouse")), {name: known[name] for name in FITTED})


def predictions(target: Target, logs: Numbers) -> Numbers:
    """Return predictions of all rows, shape (draw, row), for vectors of logarithms, shape (draw, constant)."""
    drawn = dict(zip(target.priors, np.exp(logs).T, strict=True))
    brain = {name: np.ascontiguousarray(value) for name, value in drawn.items() if name not in OWN}
    runs = needed_runs(target.observations)
    found = predict(target.observations, Curves(runs, simulate_runs(target.model, runs, brain)))
    labels = predict_enrichment(target.observations, drawn)
    return np.where(np.isnan(labels), found, labels)


def deviations(target: Target, found: Numbers) -> Numbers:
    """Return how far predictions lie from rows, in standard deviations, shape (draw, row)."""
    columns = [row_deviation(o, values) for o, values in zip(target.observations, found.T, strict=True)]
    return np.stack(columns, axis=1)


def row_deviation(o: Observation, values: Numbers) -> Numbers:
    """Return how far predictions of one row lie from it, in standard deviations, same shape."""
    if np.isfinite(o.low) and np.isfinite(o.high):
        column = (values - o.mean) / ((o.high - o.low) / (2 * NORMAL_95))
    elif np.isfinite(o.high):
        column = np.maximum(values - o.mean, 0.0) / ((o.high - o.mean) / NORMAL_95)
    else:
        column = np.minimum(values - o.mean, 0.0) / ((o.mean - o.low) / NORMAL_95)
    return np.clip(np.nan_to_num(column, nan=FARTHEST), -FARTHEST, FARTHEST)


def residuals(target: Target, logs: Numbers) -> Numbers:
    """Return deviations of rows and of constants from their priors, shape (draw, row + constant)."""
    rows = deviations(target, predictions(target, logs))
    return np.concatenate([rows, (logs - target.centre) / target.spread], axis=1)


def log_posterior(target: Target, logs: Numbers) -> Numbers:
    """Return the logarithm of the posterior density but for a constant, shape (draw,)."""
    return -0.5 * (residuals(target, logs) ** 2).sum(axis=1)

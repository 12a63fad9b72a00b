"""A trial's analyses, applied to all replicates at once: each active arm against the control."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from adenoscope.core.recording import Samples
from adenoscope.core.trial import Analysis, Trial
from adenoscope.mechanism.cohort import Z_95
from adenoscope.statistics.trials.ancova import ancova_difference
from adenoscope.statistics.trials.imputation import imputed_differences
from adenoscope.statistics.trials.mmrm import mmrm_difference
from adenoscope.statistics.trials.responder import remitted, responded, responder_difference
from adenoscope.studies.trials.allocation import Places
from adenoscope.studies.trials.conduct import Conducted

LEAST_P = 1e-300


@dataclass(frozen=True, eq=False)
class Compared:
    """Arm less control: arrays of shape (replicate, active arm), NaN where there is no answer.

    ``estimate`` and ``error`` in MADRS points, negative where the arm did better; fractions for response and
    remission, positive where it did. ``p_value`` is two-sided; ``z`` is high where the arm did better.
    """

    estimate: Samples
    error: Samples
    p_value: Samples
    z: Samples


def coded_arms(trial: Trial, arm: Places) -> Places:
    """Return arms as analyses number them: 0 the control, 1, 2, ... the active arms in order."""
    code = np.empty(len(trial.arms), dtype=np.intp)
    code[trial.control] = 0
    code[list(trial.active)] = 1 + np.arange(len(trial.active))
    return code[arm]


def compare(trial: Trial, analysis: Analysis, conducted: Conducted, arm: Places) -> Compared:
    """Return every replicate's comparison. ``arm`` (replicate, person) as ``coded_arms``, -1 for who is left out.

    Under ``hypothetical`` those who never started are left out; see ``core.trial.Analysis`` for the estimands.
    """
    if analysis.estimand == "hypothetical":
        arm = np.where(conducted.started > 0, arm, -1)
    visit = trial.visit_days.index(analysis.endpoint.day)
    return _METHODS[analysis.method](analysis, conducted, arm, visit)


def _mmrm(analysis: Analysis, conducted: Conducted, arm: Places, visit: int) -> Compared:  # noqa: ARG001
    y, baseline = conducted.y[..., : visit + 1], conducted.baseline[..., None]
    if y.shape[2] == 1:  # one visit has no covariance over visits
        return _one_visit(y[..., 0], arm, baseline)
    found = mmrm_difference(y, arm, baseline)
    return _lower_is_better(*(getattr(found, name)[:, -1] for name in ("estimate", "standard_error", "p_value")))


def _ancova(analysis: Analysis, conducted: Conducted, arm: Places, visit: int) -> Compared:
    y, baseline = conducted.y[..., : visit + 1], conducted.baseline[..., None]
    if analysis.imputation == "none" or y.shape[2] == 1:
        return _one_visit(y[..., -1], arm, baseline)
    strategy = analysis.imputation
    found = imputed_differences(y, arm, baseline, strategies=(strategy,))[strategy]
    return _lower_is_better(found.estimate, found.standard_error, found.p_value)


def _one_visit(y: Samples, arm: Places, baseline: Samples) -> Compared:
    found = ancova_difference(y, arm, baseline)
    return _lower_is_better(found.estimate, found.standard_error, found.p_value)


def _responder(analysis: Analysis, conducted: Conducted, arm: Places, visit: int) -> Compared:
    y = conducted.y[..., visit]
    event = responded(y, conducted.baseline) if analysis.endpoint.measure == "response" else remitted(y)
    composite = analysis.estimand == "composite"
    found = responder_difference(
        event,
        arm,
        conducted.baseline[..., None],  # with it the test is free of the lattice of counts
        missing="failure" if composite else "left_out",
        started=conducted.started if composite else None,
    )
    error = (found.high - found.low) / (2 * Z_95)
    return Compared(found.estimate, error, found.p_value, _z(found.p_value, found.estimate))


_METHODS: dict[str, Callable[[Analysis, Conducted, Places, int], Compared]] = {
    "mmrm": _mmrm,
    "ancova": _ancova,
    "responder": _responder,
}


def _lower_is_better(estimate: Samples, error: Samples, p_value: Samples) -> Compared:
    return Compared(estimate, error, p_value, _z(p_value, -estimate))


def _z(p_value: Samples, benefit: Samples) -> Samples:
    """Return the normal score of a two-sided p-value with the sign of ``benefit``."""
    return -ndtri(np.maximum(p_value, LEAST_P) / 2) * np.sign(benefit)

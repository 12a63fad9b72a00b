"""The mechanism beside every observation: what it predicts, where it fails, and what it merely assumes."""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from adenoscope.inference.calibration.refute import ASSUMED, Judgement, judge, share_inside
from adenoscope.inference.calibration.sites import compare_sites
from adenoscope.inference.predict.observations import read_observations
from adenoscope.mechanism.cohort import mechanism
from adenoscope.mechanism.posterior import CONVERGED, load_posterior
from adenoscope.studies.shipped import shipped_observations


def check_mechanism(observations: Path | None) -> list[Judgement]:
    """Return every observation beside its prediction; without a file, those that ship, fitted to or not.

    Raises:
        InputError: the file is not a table of observations.
        Refused: no posterior ships with this version.
    """
    if observations is not None:
        return judge(read_observations(observations), load_posterior())
    return judge([*shipped_observations(), *shipped_observations("tests")], load_posterior())


def check_document(judgements: list[Judgement]) -> dict[str, Any]:
    """Return the check as a document."""
    posterior = load_posterior()
    r_hat, model = posterior.worst_r_hat, hashlib.sha256(mechanism("mouse").sbml.encode()).hexdigest()
    observed = shipped_observations()
    return {
        "share_inside": share_inside([judgement for judgement in judgements if judgement.used]),
        "share_inside_not_fitted": share_inside([judgement for judgement in judgements if not judgement.used]),
        "posterior": {"worst_r_hat": r_hat, "converged": r_hat < CONVERGED}
        | {"of_this_model": posterior.provenance["model_sha256"] == model},
        "sites": [
            {"braked": site.name, "cost": site.cost, "weight": site.weight} for site in compare_sites(observed)
        ],
        "assumed_not_explained": list(ASSUMED),
        "rows": [_row(judgement) for judgement in judgements],
    }


def _row(judgement: Judgement) -> dict[str, Any]:
    said = asdict(judgement)
    observation = said.pop("observation")
    observation["low_band"], observation["high_band"] = observation.pop("low"), observation.pop("high")
    numbers = {**observation, **said}
    return {
        name: None if isinstance(value, float) and not np.isfinite(value) else value
        for name, value in numbers.items()
    }

"""Virtual people of a trial, and the population that they are drawn from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
MADRS_MOST = 60.0  # points: the end of the scale


@dataclass(frozen=True)
class Population:
    """Who is recruited; None is as in ``values/people.toml``.

    ``age_low``, ``age_high`` [years], ``madrs_low`` [points] and ``failed_low`` (antidepressant trials that failed)
    are limits of inclusion. ``caffeine_abstinence_h``: hours [h] without caffeine before a session.
    """

    female_share: float | None = None
    smoker_share: float | None = None
    age_mean: float | None = None
    age_sd: float | None = None
    age_low: float | None = None
    age_high: float | None = None
    madrs_mean: float | None = None
    madrs_sd: float | None = None
    madrs_low: float | None = None
    failed_mean: float | None = None
    failed_low: float | None = None
    caffeine_abstinence_h: float | None = None


@dataclass(frozen=True)
class People:
    """Virtual people: each covariate by name, of shape (person,), its unit in its name."""

    covariates: Mapping[str, Numbers]

    @property
    def n(self) -> int:
        """Return how many there are."""
        return next(iter(self.covariates.values())).size

    def __getitem__(self, name: str) -> Numbers:
        """Return a covariate of everybody, shape (person,)."""
        return self.covariates[name]

    def take(self, indices: npt.ArrayLike) -> People:
        """Return some of the people, in the order of ``indices``; a person may come more than once."""
        chosen = np.asarray(indices)
        return People({name: values[chosen] for name, values in self.covariates.items()})

"""What a simulation gives back: observables over time for every subject, and how each subject fared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from adenoscope.simulation.solver.tables import Numbers, Whole
from adenoscope.simulation.status import DONE, STATUS_WORDS

if TYPE_CHECKING:
    import xarray


@dataclass(frozen=True)
class Failure:
    """A subject whose integration ended early: why, when, and with which parameters."""

    subject: int
    reason: str
    reached: float
    parameters: Mapping[str, float]


@dataclass(frozen=True)
class Trajectories:
    """Observables of every subject.

    ``values``: shape (subject, time, observable); NaN after a subject failed. ``status``: 0 where the subject was
    integrated to the end, see ``failures`` for the others. ``steps``, ``rejected``: how many steps were tried, and
    how many of them were too long. ``parameters``: what the caller set, each a number or one for each subject.
    """

    values: Numbers
    times: Numbers
    observables: tuple[str, ...]
    status: Whole
    reached: Numbers
    steps: Whole
    rejected: Whole
    parameters: Mapping[str, Numbers]

    def __getitem__(self, observable: str) -> Numbers:
        """Return one observable, shape (subject, time)."""
        return self.values[:, :, self.observables.index(observable)]

    @property
    def n_subjects(self) -> int:
        return self.values.shape[0]

    @property
    def failures(self) -> list[Failure]:
        """Return every subject that was not integrated to the end."""
        return [self._failure(int(subject)) for subject in np.flatnonzero(self.status != DONE)]

    def _failure(self, subject: int) -> Failure:
        own = {name: float(value if value.ndim == 0 else value[subject]) for name, value in self.parameters.items()}
        return Failure(subject, STATUS_WORDS[int(self.status[subject])], float(self.reached[subject]), own)

    def to_xarray(self) -> xarray.DataArray:
        """Return the values labelled by subject, time and observable; nothing is copied."""
        import xarray

        coordinates = {
            "subject": np.arange(self.n_subjects),
            "time": self.times,
            "observable": list(self.observables),
        }
        return xarray.DataArray(self.values, dims=("subject", "time", "observable"), coords=coordinates)

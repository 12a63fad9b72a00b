"""A model that can be simulated for any number of subjects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from adenoscope.core.errors import InputError, input_error
from adenoscope.simulation.cluster.draws import Lognormal, draw_all
from adenoscope.simulation.cluster.run import plan_shards, run_and_assemble
from adenoscope.simulation.cluster.shard import SIZE
from adenoscope.simulation.cohort.changes import Change
from adenoscope.simulation.cohort.options import make_options
from adenoscope.simulation.cohort.prepared import Source, read_system
from adenoscope.simulation.cohort.sensitivities import Sensitivities, differentiate
from adenoscope.simulation.cohort.simulate import Question, simulate
from adenoscope.simulation.cohort.threads import Watch
from adenoscope.simulation.cohort.trajectories import Trajectories
from adenoscope.simulation.sbml.antimony import antimony_to_sbml
from adenoscope.simulation.solver.tables import Numbers
from adenoscope.simulation.system import System


@dataclass(frozen=True)
class Model:
    """A model in SBML, whichever way it was written; ``file`` is what errors call it."""

    sbml: str
    file: str = "model"

    @property
    def system(self) -> System:
        """Return what the model says."""
        return read_system(Source(self.sbml, self.file))

    def simulate(
        self,
        times: npt.ArrayLike,
        *,
        parameters: Mapping[str, npt.ArrayLike] | Lognormal | None = None,
        events: Sequence[Change] = (),
        observables: Sequence[str] | None = None,
        n_subjects: int | None = None,
        watch: Watch | None = None,
        out: Numbers | None = None,
        cluster: str | None = None,
        folder: str | Path | None = None,
        shard: int = SIZE,
        **options: float | None,
    ) -> Trajectories:
        """Return observables of every subject at ``times``; the first of them is the start.

        Args:
            times: Not decreasing, shape (time,), in the model's unit of time.
            parameters: Values by name, a number or an array with one for each subject: parameters, compartments,
                initial values of species, ``REACTION.PARAMETER`` for what is local to a reaction. Or a ``Lognormal``,
                of which each shard draws its own subjects.
            events: What is done to the subjects, beside the model's own events.
            observables: Names; ``amount(S)`` and ``concentration(S)`` ask for a species' unit. Default: every state.
            n_subjects: How many, where nothing is an array.
            watch: Called now and then with how many subjects are finished, and how many there are.
            out: Where the values go, shape (subject, time, observable); saves the making of large memory.
            cluster: "local", or the address of a Dask scheduler: shards of subjects are computed there, each written
                to a file. A script that asks for a local one does so under ``if __name__ == "__main__":``.
            folder: Keeps the shards' files, seen by all workers under this path: what is there is not computed again.
            shard: Subjects of a shard; it decides what a ``Lognormal`` draws, and nothing else.
            options: The fields of ``Options``: ``rtol``, ``atol``, ``threads`` and others.

        Raises:
            InputError: a name is unknown, a length differs, times decrease, a number is not finite.
        """
        if cluster is not None:
            if out is not None:
                raise _wrong(
                    "out", "an array, and a cluster", "one of them", "a cluster's answer comes from its files"
                )
            asked = (times, parameters, events, observables, n_subjects)
            return run_and_assemble(plan_shards(self, *asked, shard=shard, **options), folder, cluster, watch)
        if folder is not None:
            raise _wrong("folder", "a folder, and no cluster", "both, or neither", 'add `cluster="local"`')
        if isinstance(parameters, Lognormal):
            parameters = draw_all(parameters, _told(n_subjects), shard)
        question = self.question(times, parameters or {}, events, observables, n_subjects)
        if out is not None:
            question = replace(question, out=_out(out, question.shape))
        return simulate(self.source(question), question, make_options(options), watch)

    def sensitivities(
        self,
        times: npt.ArrayLike,
        by: Sequence[str],
        *,
        parameters: Mapping[str, npt.ArrayLike] | None = None,
        events: Sequence[Change] = (),
        observables: Sequence[str] | None = None,
        n_subjects: int | None = None,
        **options: float | None,
    ) -> Sensitivities:
        """Return d observable / d parameter for every subject, and the trajectories they belong to.

        ``by`` names the parameters, at the values that ``parameters`` or the model give them; everything else is as
        for ``simulate``.

        Valid: where the solution is differentiable; an event whose time depends on a parameter costs more.
        Source: Bock (1981), in Modelling of Chemical Reaction Systems, Springer (internal numerical differentiation).
        """
        given = dict(parameters or {})
        question = self.question(times, given, events, observables, n_subjects)
        named = self.question(times, {**dict.fromkeys(by, 0.0), **given}, events, observables, n_subjects)
        return differentiate(self.source(named), question, tuple(by), make_options(options))

    def question(
        self,
        times: npt.ArrayLike,
        parameters: Mapping[str, npt.ArrayLike],
        events: Sequence[Change] = (),
        observables: Sequence[str] | None = None,
        n_subjects: int | None = None,
    ) -> Question:
        """Return the arguments of ``simulate``, checked."""
        values = {name: _parameter(name, value) for name, value in parameters.items()}
        names = tuple(self.system.rates if observables is None else observables)
        count = _count(values, events, n_subjects)
        return Question(_times(times), values, tuple(events), count, names)

    def source(self, question: Question) -> Source:
        """Return this model with the question's names free to be set."""
        known = self.system.inputs
        return Source(self.sbml, self.file, frozenset(name for name in question.parameters if name not in known))


def read_model(path: str | Path) -> Model:
    """Return the model in a file: SBML, or Antimony.

    Raises:
        InputError: the file is absent, or is not a model.
        Refused: the model needs something that is not supported; the message names it.
    """
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not UTF-8 text"
        raise input_error(
            path, found=reason, allowed="a text file in SBML or Antimony", remedy="check the path"
        ) from None
    return model_from_text(text, file=path.name)


def model_from_text(text: str, *, file: str = "model") -> Model:
    """Return the model in a text: SBML, or Antimony; see ``read_model``."""
    model = Model(text if text.lstrip("\ufeff \n\r\t").startswith("<") else antimony_to_sbml(text, file=file), file)
    read_system(Source(model.sbml, model.file))  # what cannot be read is said now
    return model


def _told(n_subjects: int | None) -> int:
    if n_subjects is None:
        raise _wrong("n_subjects", "nothing says how many subjects are to be drawn", "a whole number", "give it")
    return n_subjects


def _wrong(what: str, found: str, allowed: str, remedy: str) -> InputError:
    return input_error(what, found=found, allowed=allowed, remedy=remedy)


def _times(times: npt.ArrayLike) -> Numbers:
    values = np.atleast_1d(np.asarray(times, dtype=float))
    if values.ndim != 1 or values.size == 0 or not np.isfinite(values).all() or (np.diff(values) < 0).any():
        found = f"an array of shape {values.shape}" if values.ndim != 1 else "times that decrease or are not finite"
        raise _wrong("times", found, "one or more finite times in order", "sort them; the first is the start")
    return np.ascontiguousarray(values)


def _parameter(name: str, value: npt.ArrayLike) -> Numbers:
    values = np.asarray(value, dtype=float)
    if values.ndim > 1:
        raise _wrong(name, f"an array of shape {values.shape}", "a number, or one for each subject", "flatten it")
    if not np.isfinite(values).all():
        bad = np.flatnonzero(~np.isfinite(np.atleast_1d(values)))
        where = f"{bad.size} of {values.size} values are not finite; the first is at index {bad[0]}"
        raise _wrong(name, where, "finite numbers", "leave out subjects that have no value")
    return values


def _out(out: Numbers, shape: tuple[int, int, int]) -> Numbers:
    if out.shape != shape or out.dtype != np.float64 or not out.flags.c_contiguous or not out.flags.writeable:
        found = f"an array of {out.dtype}, shape {out.shape}"
        raise _wrong("out", found, f"a writeable C-ordered array of float64, shape {shape}", "leave it out")
    return out


def _count(values: Mapping[str, Numbers], events: Sequence[Change], n_subjects: int | None) -> int:
    """Return the number of subjects on which all arrays agree."""
    sizes = {name: value.size for name, value in values.items() if value.ndim == 1}
    for event in events:
        for part in (event.time, event.value):
            if np.ndim(part) == 1:
                sizes[f"event on {event.target}"] = np.size(part)
    if n_subjects is not None:
        sizes["n_subjects"] = n_subjects
    if len(set(sizes.values())) > 1:
        found = ", ".join(f"{name}: {size}" for name, size in sizes.items())
        raise _wrong("parameters", found, "one length for all", "give a number where all subjects share it")
    count = next(iter(sizes.values()), 1)
    if count < 1:
        raise _wrong("parameters", "no subjects", "at least one", "check the arrays that were given")
    return count

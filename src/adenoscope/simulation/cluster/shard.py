"""A shard: subjects of a cohort that are simulated together, on whichever machine, under a key of their own."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import llvmlite
import numpy as np
import numpy.typing as npt

import adenoscope
from adenoscope.core.errors import input_error
from adenoscope.core.provenance import sha256_of
from adenoscope.simulation.cluster.draws import Lognormal, draw
from adenoscope.simulation.cohort.changes import Change
from adenoscope.simulation.cohort.options import Options
from adenoscope.simulation.cohort.prepared import Source
from adenoscope.simulation.cohort.simulate import Question

SIZE = 1000  # subjects; some seconds of work, so that what a shard costs beside it does not show


@dataclass(frozen=True)
class Shard:
    """Subjects from ``first`` on, and what is asked about them.

    ``lognormal``: where parameters are drawn, ``question`` has their medians, and the shard draws its own.
    """

    number: int
    first: int
    source: Source
    question: Question
    options: Options
    lognormal: Lognormal | None = None

    @property
    def n_subjects(self) -> int:
        return self.question.n_subjects

    def asked(self) -> Question:
        """Return the question with the parameters of these subjects."""
        if self.lognormal is None:
            return self.question
        return replace(self.question, parameters=draw(self.lognormal, self.number, self.n_subjects))


def make_shards(
    source: Source, question: Question, options: Options, *, size: int = SIZE, lognormal: Lognormal | None = None
) -> list[Shard]:
    """Return the shards of a cohort, ``size`` subjects in each but the last."""
    if size < 1:
        raise input_error("shard", found=f"{size} subjects", allowed="1 or more", remedy="leave it out")
    firsts = range(0, question.n_subjects, size)
    return [
        Shard(number, first, source, _part(question, first, size), options, lognormal)
        for number, first in enumerate(firsts)
    ]


def _part(question: Question, first: int, size: int) -> Question:
    return question.of(list(range(first, min(first + size, question.n_subjects))))


def shard_key(shard: Shard) -> str:
    """Return a key of everything that decides a shard's numbers: equal keys mean equal numbers.

    It leaves out the processor: two kinds of processor may differ in the last bits of a logarithm.
    """
    question, options = shard.question, shard.options
    ingredients = {
        "software": _software(),
        "model": _sha256(shard.source.sbml.encode()),
        "subjects": (shard.first, shard.n_subjects),
        "times": _exact(question.times),
        "parameters": _each(question.parameters),
        "lognormal": _spelt(shard),
        "events": [_change(event) for event in question.events],
        "observables": question.observables,
        "options": [_exact(value) for value in (options.rtol, options.atol, options.largest_step or 0.0)],
        "max_steps": options.max_steps,
    }
    return _sha256(json.dumps(ingredients, sort_keys=True, ensure_ascii=False).encode())


@cache
def _software() -> list[str]:
    return [adenoscope.__version__, _sources(), llvmlite.__version__, np.__version__]


def _sources() -> str:
    """Return a digest of the files that simulate: a checkout may have the version of the code it no longer is."""
    package = Path(adenoscope.__file__).parent
    files = sorted(file for part in ("core", "simulation") for file in (package / part).rglob("*.py"))
    return _sha256("".join(f"{file.relative_to(package).as_posix()} {sha256_of(file)}\n" for file in files).encode())


def _spelt(shard: Shard) -> list[object] | None:
    if shard.lognormal is None:
        return None
    return [shard.number, int(shard.lognormal.seed), _each(shard.lognormal.median), _each(shard.lognormal.log_sd)]


def _change(event: Change) -> list[object]:
    return [event.target, event.adds, _exact(event.time), _exact(event.value)]


def _each(values: Mapping[str, npt.ArrayLike]) -> dict[str, str]:
    return {name: _exact(value) for name, value in values.items()}


def _exact(values: npt.ArrayLike) -> str:
    """Return shape and bits of numbers as a short text."""
    array = np.asarray(values, dtype="<f8")
    return f"{array.shape} {_sha256(array.tobytes())}"


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()

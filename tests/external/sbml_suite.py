"""The SBML Test Suite beside the checkout: its cases, what they ask for, and what counts as agreement."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from adenoscope.simulation import read_model

CASES = Path(__file__).parents[2] / ".." / "shared" / "suites" / "sbml-test-suite" / "cases"
needs_suite = pytest.mark.skipif(not CASES.is_dir(), reason="the SBML Test Suite lies outside the repository")

UNSUPPORTED = ("comp:", "fbc:", "CSymbolDelay", "FastReaction", "AlgebraicRule", "FluxBalance")
# An algebraic rule without a formula says nothing, so there is nothing to refuse.
SUPPORTED_ALL_THE_SAME = {"01244"}
# Cases that should agree and do not, by number, with the reason.
KNOWN_FAILURES: dict[str, str] = {}


@dataclass(frozen=True)
class Case:
    """What a case asks for: ``columns`` in ``units``, at the times of ``results``' first column."""

    columns: tuple[str, ...]
    units: dict[str, str]
    results: np.ndarray
    absolute: float
    relative: float


def numbers():
    return sorted(path.name for path in CASES.iterdir()) if CASES.is_dir() else []


def is_supported(number):
    """Return whether a case uses only what we simulate, by the tags of its description."""
    if number in SUPPORTED_ALL_THE_SAME:
        return True
    description = (CASES / number / f"{number}-model.m").read_text(encoding="utf-8", errors="replace")
    tags = " ".join(re.findall(r"^(?:componentTags|testTags|testType):(.*)$", description, flags=re.MULTILINE))
    return not any(tag in tags for tag in UNSUPPORTED)


def model_path(number):
    return next((CASES / number).glob(f"{number}-sbml-*.xml"))


def read_case(number):
    lines = (CASES / number / f"{number}-settings.txt").read_text(encoding="utf-8").splitlines()
    settings = {key.strip(): value.strip() for key, colon, value in (line.partition(":") for line in lines) if colon}
    lines = (CASES / number / f"{number}-results.csv").read_text(encoding="utf-8").splitlines()
    header, *table = [[cell.strip() for cell in line.split(",")] for line in lines if line.strip()]
    return Case(
        columns=tuple(header[1:]),
        units={name: unit for unit in ("amount", "concentration") for name in _listed(settings[unit])},
        results=np.array(table, dtype=float),
        absolute=float(settings["absolute"]),
        relative=float(settings["relative"]),
    )


def _listed(text):
    return [name.strip() for name in text.split(",") if name.strip()]


def simulate(number, case):
    """Return our values, shape (time, column)."""
    model = read_model(model_path(number))
    # Some cases list compartments and parameters under a unit, which they do not have.
    has_unit = case.units.keys() & model.system.amounts.keys()
    names = [f"{case.units[name]}({name})" if name in has_unit else name for name in case.columns]
    return model.simulate(case.results[:, 0], observables=names, rtol=1e-8, atol=1e-12).values[0]


def disagreement(case, ours):
    """Return where the first value is outside the suite's own tolerance, or an empty text."""
    theirs = case.results[:, 1:]
    with np.errstate(invalid="ignore"):
        close = np.abs(ours - theirs) <= case.absolute + case.relative * np.abs(theirs)
    bad = np.argwhere(~(close | (ours == theirs) | (np.isnan(ours) & np.isnan(theirs))))
    if not len(bad):
        return ""
    row, column = bad[0]
    name, time = case.columns[column], case.results[row, 0]
    return f"{len(bad)} values differ; {name} at {time:g} is {ours[row, column]:.9g}, not {theirs[row, column]:.9g}"

"""What observations say about each constant of the mechanism by itself: profiles, kept one by one, and a table."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Callable, Collection, Sequence
from pathlib import Path

import numpy as np

from adenoscope.core.atomic import write_json, write_text
from adenoscope.core.errors import input_error
from adenoscope.inference.calibration.fit import Start, descend, find_mode, widened
from adenoscope.inference.calibration.posterior import Target, candidates, make_target
from adenoscope.inference.calibration.profiles import Profile, profile
from adenoscope.inference.predict.observations import read_observations
from adenoscope.io.nearest import did_you_mean
from adenoscope.mechanism.cohort import mechanism, spread
from adenoscope.simulation.solver.tables import Numbers

COLUMNS = ("constant", "unit", "prior_low", "prior_high", "profile_low", "profile_high", "bounded")


def profile_mechanism(
    observations: Path, out: Path, names: Sequence[str], watch: Callable[[int, int], None]
) -> list[Profile]:
    """Write ``profiles.csv`` to ``out``, and return the profiles of ``names``, or of every constant fitted.

    A stopped run goes on where it was: finished profiles are kept in ``out/profiles``.

    Raises:
        InputError: a name is not a constant that the observations speak about.
    """
    _known(names, candidates())
    target, mode = _mode(observations)
    _known(names, target.priors)
    folder = out / "profiles" / _key(target, mode.scores)
    wanted = list(names) or list(target.priors)
    found: list[Profile] = []
    for done, name in enumerate(wanted):
        watch(done, len(wanted))
        found.append(_kept(folder / f"{name}.json", target, mode.scores, name))
    watch(len(wanted), len(wanted))
    write_text(out / "profiles.csv", _table(target, found))
    return found


def _known(names: Sequence[str], known: Collection[str]) -> None:
    for name in names:
        if name not in known:
            remedy = did_you_mean(name, tuple(known)) or "see `adenoscope mechanism show`"
            allowed = "a constant that the observations depend on"
            raise input_error("--constants", found=f"`{name}`", allowed=allowed, remedy=remedy)


def _mode(observations: Path) -> tuple[Target, Start]:
    target = make_target(read_observations(observations))
    target, mode = widened(target, find_mode(target, starts=1, seed=1)[0])
    return target, descend(target, mode.scores)


def _kept(path: Path, target: Target, mode: Numbers, name: str) -> Profile:
    if path.exists():
        known = json.loads(path.read_text(encoding="utf-8"))
        return Profile(name, np.array(known["scores"]), np.array(known["costs"]))
    found = profile(target, mode, name)
    write_json(path, {"scores": found.scores.tolist(), "costs": found.costs.tolist()})
    return found


def _key(target: Target, mode: Numbers) -> str:
    """Return a name under which only profiles of the same model, observations and mode are found."""
    parts = [mechanism("mouse").sbml, repr(target.observations), mode.round(4).tobytes().hex()]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def _table(target: Target, profiles: Sequence[Profile]) -> str:
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(COLUMNS)
    for each in profiles:
        prior = target.priors[each.name]
        sides = ["" if side is None else f"{spread(prior, np.array([side]))[0]:.4g}" for side in each.sides]
        writer.writerow([each.name, prior.unit, prior.low, prior.high, *sides, each.bounded])
    return table.getvalue()

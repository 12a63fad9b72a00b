"""From observations to the posterior of the mechanism's constants: descent, chains, and what they are worth."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from adenoscope.core.atomic import write_text
from adenoscope.core.provenance import software
from adenoscope.inference.calibration.coordinates import make_coordinates
from adenoscope.inference.calibration.fit import find_mode, informed_directions, widened
from adenoscope.inference.calibration.posterior import Target, at_rest, make_target, predictions
from adenoscope.inference.calibration.sample import Chains, sample, scattered
from adenoscope.inference.predict.observations import read_observations
from adenoscope.mechanism.cohort import mechanism
from adenoscope.simulation.solver.tables import Numbers
from adenoscope.statistics.converged import effective_size, r_hat

Watch = Callable[[str, int, int], None]
N_DRAWS = 300  # that ship
N_POINTS = 8  # about the mode, at which informed directions are looked for
STEERED = 5.0  # times the prior's information: directions that chains move along by themselves, not with the rest


@dataclass(frozen=True)
class Effort:
    """How hard to look: ``starts`` of descents, ``chains`` of ``steps`` each, all from ``seed``."""

    starts: int = 4
    chains: int = 16
    steps: int = 20_000
    seed: int = 1


def fit_mechanism(observations: Path, out: Path, effort: Effort, watch: Watch) -> dict[str, Any]:
    """Write ``posterior.toml`` and ``posterior_draws.csv`` to ``out``, and return what the first says.

    A stopped run goes on where it was: finished blocks of chains are kept in ``out/chains``.
    """
    target = make_target(read_observations(observations))
    found = find_mode(target, effort.starts, effort.seed, lambda done, total: watch("descending", done, total))
    target, best = widened(target, found[0])
    begin = scattered(target, best.scores, effort.chains, effort.seed)
    directions = informed_directions(target, begin[at_rest(target, begin)][:N_POINTS])
    axes, information = directions
    chains = sample(
        make_coordinates(target, best.scores, axes[:, information > STEERED]),
        begin,
        steps=effort.steps,
        seed=effort.seed,
        folder=out / "chains" / _key(target, best.scores, effort),
        watch=lambda done, total: watch("sampling", done, total),
    ).settled
    said = _summary(target, chains, observations, effort, [start.cost for start in (*found, best)], directions)
    _write(out, target, chains, said, effort.seed)
    return said


def _key(target: Target, mode: Numbers, effort: Effort) -> str:
    """Return a name under which only blocks of the same chains are found."""
    parts = [
        mechanism("mouse").sbml,
        repr(target.observations),
        repr(sorted(target.priors)),
        mode.round(6).tobytes().hex(),
        repr(effort.chains),
        repr(effort.seed),
    ]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def _summary(
    target: Target,
    chains: Chains,
    observations: Path,
    effort: Effort,
    costs: list[float],
    directions: tuple[Numbers, Numbers],
) -> dict[str, Any]:
    axes, information = directions
    z = chains.scores
    along = [z @ axes[:, n] for n in range(len(information))]
    median = np.nanmedian(predictions(target, _some(z, effort.seed)), axis=0)
    inside = [o.low <= value <= o.high for o, value in zip(target.observations, median, strict=True)]
    own = software()
    return {
        "software": f"{own.name} {own.version} {own.commit}".strip(),
        "observations_sha256": hashlib.sha256(observations.read_bytes()).hexdigest(),
        "model_sha256": hashlib.sha256(mechanism("mouse").sbml.encode()).hexdigest(),
        "used": [o.id for o in target.observations],
        "seed": effort.seed,
        "chains": effort.chains,
        "steps": effort.steps,
        "descents": [round(cost, 3) for cost in costs],
        "directions": len(information),
        "information": [round(float(value), 2) for value in information],
        "r_hat": [round(r_hat(values), 3) for values in along],
        "effective_size": [round(effective_size(values)) for values in along],
        "worst_r_hat_of_a_constant": round(max(r_hat(z[:, :, n]) for n in range(z.shape[2])), 3),
        "inside_at_median": sum(map(bool, inside)),
        "rows": len(inside),
    }


def _write(out: Path, target: Target, chains: Chains, said: dict[str, Any], seed: int) -> None:
    drawn = _some(chains.scores, seed)
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(target.priors)
    table_of = target.constants(drawn)
    writer.writerows([f"{value:.6g}" for value in row] for row in zip(*table_of.values(), strict=True))
    write_text(out / "posterior_draws.csv", table.getvalue())
    head = "# How the posterior in posterior_draws.csv was obtained; written by `adenoscope mechanism fit`.\n"
    write_text(out / "posterior.toml", head + "".join(f"{name} = {_toml(value)}\n" for name, value in said.items()))


def _some(scores: Numbers, seed: int) -> Numbers:
    """Return the draws that ship, shape (draw, constant)."""
    flat = scores.reshape(-1, scores.shape[2])
    return flat[np.random.default_rng([seed, 9]).choice(len(flat), min(N_DRAWS, len(flat)), replace=False)]


def _toml(value: Any) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(_toml(part) for part in value) + "]"
    return f'"{value}"' if isinstance(value, str) else repr(value)

"""Fitting: random starts descend, and then, round by round, learn from each other and descend again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from adenoscope.inference.fitting.exchange import exchange
from adenoscope.inference.fitting.resume import Start, State, fit_key, load_state, save_state
from adenoscope.inference.fitting.scoring import Descent, Effort, descend
from adenoscope.inference.fitting.starts import draw_finite_starts
from adenoscope.inference.likelihood.cohort import USUAL, Accuracy
from adenoscope.inference.likelihood.evaluate import evaluate
from adenoscope.inference.problem.fit_problem import FitProblem
from adenoscope.inference.problem.scales import Numbers, from_scale

AGREEMENT = 0.1  # of the log posterior: starts that came this near to the best found the same
SHARE_AGREEING = 0.75  # of the starts: nothing more is to be learned from each other
FIRST = Effort()
LATER = Effort(max_steps=200, small=1e-2, patience=6)  # of every round but the first


@dataclass(frozen=True)
class Search:
    """How to look for the best parameters.

    ``n_starts``: random starts, from the bounds or from where the problem says that starts come from. ``seed``: of
    all that is random; the same seed gives the same fit. ``rounds``: in which starts learn from each other, at most;
    0 for descents that know nothing of each other. ``accuracy``: how well to simulate. ``effort``: when a first
    descent ends.
    """

    n_starts: int = 20
    seed: int = 0
    rounds: int = 10
    accuracy: Accuracy = USUAL
    effort: Effort = FIRST


USUAL_SEARCH = Search()


@dataclass(frozen=True)
class Fit:
    """The best parameters found, and how every start fared.

    ``parameters``: by name, as they are. ``point``: the same in the problem's scales, shape (parameter,).
    ``starts``: the lowest point of each, best first. ``rounds``: how many followed the first descents.
    """

    parameters: dict[str, float]
    point: Numbers
    log_likelihood: float
    log_posterior: float
    starts: tuple[Start, ...]
    rounds: int

    @property
    def n_agreeing(self) -> int:
        """Return how many starts came as near to the best as to have found the same."""
        return sum(start.value <= -self.log_posterior + AGREEMENT for start in self.starts)


@dataclass(frozen=True)
class Progress:
    """``done`` of ``total`` rounds are over; ``best`` is the highest log posterior, ``agreeing`` starts came near."""

    done: int
    total: int
    best: float
    agreeing: int


def ignore(_: Progress) -> None:
    """Show nothing."""


def fit_problem(
    problem: FitProblem,
    search: Search = USUAL_SEARCH,
    *,
    starts: Numbers | None = None,
    progress: Callable[[Progress], None] = ignore,
    kept_in: Path | None = None,
) -> Fit:
    """Return the parameters that make a problem's measurements (and priors) most likely, as far as was found.

    Args:
        problem: What is to be fitted.
        search: How to look.
        starts: In place of random ones, each parameter in its scale, shape (start, parameter).
        progress: Called after the first descents and after every round.
        kept_in: A JSON file that is written after every round; where it holds rounds of this very fit, they are
            used again, and the result is the same.

    Raises:
        InputError: the problem's formulas or names do not fit together, or it has no bounds to draw starts from.
    """
    key = fit_key(problem, replace(search, rounds=0), starts)
    state = load_state(kept_in, key) or _first_descents(problem, search, starts)
    while True:
        save_state(kept_in, key, state)
        progress(_progress(state, search.rounds))
        if state.rounds >= search.rounds or _agreeing(state) >= SHARE_AGREEING * len(state.starts):
            return _fit(problem, state, search.accuracy)
        state = _next_round(problem, state, search)


def _first_descents(problem: FitProblem, search: Search, starts: Numbers | None) -> State:
    if starts is None:
        starts = draw_finite_starts(problem, search.n_starts, _rng(search, 0), search.accuracy)
    descents = descend(problem, np.atleast_2d(starts), search.accuracy, search.effort)
    return State(0, [_start(each) for each in descents])


def _next_round(problem: FitProblem, state: State, search: Search) -> State:
    points = np.array([start.point for start in state.starts])
    values = np.array([start.value for start in state.starts])
    moved = exchange(problem, points, values, _rng(search, state.rounds + 1))
    new = descend(problem, moved, search.accuracy, LATER)
    better = [_start(d) if d.value < s.value else s for s, d in zip(state.starts, new, strict=True)]
    return State(state.rounds + 1, better)


def _rng(search: Search, turn: int) -> np.random.Generator:
    return np.random.default_rng([search.seed, turn])


def _start(descent: Descent) -> Start:
    return Start(tuple(descent.point.tolist()), descent.value, descent.status, descent.steps)


def _agreeing(state: State) -> int:
    best = min(start.value for start in state.starts)
    return sum(start.value <= best + AGREEMENT for start in state.starts)


def _progress(state: State, rounds: int) -> Progress:
    return Progress(state.rounds, rounds, -min(start.value for start in state.starts), _agreeing(state))


def _fit(problem: FitProblem, state: State, accuracy: Accuracy) -> Fit:
    ordered = sorted(state.starts, key=lambda start: start.value)
    point = np.array(ordered[0].point)
    evaluation = evaluate(problem, point, accuracy)
    named = zip(problem.estimated, point, strict=True)
    return Fit(
        parameters={parameter.name: float(from_scale(value, parameter.scale)) for parameter, value in named},
        point=point,
        log_likelihood=float(evaluation.log_likelihood[0]),
        log_posterior=float(evaluation.log_posterior[0]),
        starts=tuple(ordered),
        rounds=state.rounds,
    )

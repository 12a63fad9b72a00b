"""From engagement to MADRS points: an explicit, weak, uncertain link, calibrated on published trials.

Improvement of a person at time t [points]:

    placebo(t) + (expectancy + rater_bias) belief + slope [w g(x_A) + (1 - w) g(x_B)]
    g(x) = x (1 + c) / (x + c),   x = engagement * sum over sessions of 2^(-(t - t_k) / half_life)

with x_A the engagement of adenosine's receptors, x_B the block of NMDA receptors, both 1 for the median person on
ketamine, w the share that runs through adenosine and c the saturation. Between trials the difference of arms varies
with SD tau beyond chance. Priors are in ``values/madrs_link.toml``; published differences d of arms with standard
errors s weigh draws of the prior:

    weight = product of N(d; difference predicted - small_study s, s^2 + tau^2)

Nothing in it says that ketamine works: the prior of the slope is centred on 0. Scores end at 0, so means are those of
a normal variable cut there: who is well cannot improve.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr

from adenoscope.core.errors import input_error
from adenoscope.core.parameter import Parameter, load_values
from adenoscope.core.people import Numbers
from adenoscope.mechanism.cohort import Z_95, spread
from adenoscope.studies.trials.exposure import reference_exposures
from adenoscope.studies.trials.published import DESIGNS, POTENCIES, Design, PublishedTrial, Schedule, published_trials

N_PRIOR = 100_000  # draws of the prior; what is left effective after weighing is in ``Link.effective``
OF_PRIORS = ("effect", "expectation", "placebo", "belief")
Draw = Mapping[str, Numbers]


@dataclass(frozen=True)
class Link:
    """Draws of the link's parameters by name, each of shape (draw,).

    ``prior``: draws before, ``draws``: after the published trials in ``used``. ``effective``: how many independent
    draws of the prior those are worth.
    """

    prior: Draw
    draws: Draw
    used: tuple[str, ...]
    effective: float

    def take(self, indices: npt.ArrayLike) -> dict[str, Numbers]:
        """Return some draws by name, each of the shape of ``indices``."""
        return {name: values[np.asarray(indices)] for name, values in self.draws.items()}


def link_draws(n: int, seed: int, *, without: Sequence[str] = (), selection: bool = True) -> Link:
    """Return ``n`` draws of the link after the published trials, but for those ``without``.

    ``selection``: whether small trials may have been published for what they found (Egger's term, ``small_study``).

    Raises:
        InputError: a trial is not among those that calibrate.

    Valid: a random effect between trials, normal; engagement of published arms is the mechanism's, in mice's brains.
    Source: the equations at the top; ``values/madrs_link.toml``, ``values/published_trials.toml``; the term of small
    trials is that of Egger et al. (1997), doi:10.1136/bmj.315.7109.629.
    """
    unknown = [name for name in without if name not in DESIGNS]
    if unknown:
        allowed = ", ".join(DESIGNS)
        raise input_error("without", found=", ".join(unknown), allowed=allowed, remedy="name trials that calibrate")
    prior, contributions = _weighed(seed, selection)
    used = tuple(name for name in DESIGNS if name not in without)
    weights = np.exp(_centred(sum((contributions[name] for name in used), start=np.zeros(N_PRIOR))))
    weights /= weights.sum()
    random = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(1,)))
    # Systematic resampling: each draw comes as often as its weight says, to within one.
    chosen = np.searchsorted(np.cumsum(weights), (np.arange(n) + random.random()) / n * (1 - 1e-12))
    chosen = random.permutation(chosen)
    first = {name: values[:n] for name, values in prior.items()}
    draws = {name: values[chosen] for name, values in prior.items()}
    return Link(first, draws, used, float(1 / np.sum(weights**2)))


@lru_cache(maxsize=2)
def _weighed(seed: int, selection: bool) -> tuple[Draw, Mapping[str, Numbers]]:
    """Return draws of the prior, and what each published trial adds to their logarithm of likelihood."""
    prior = prior_draws(N_PRIOR, np.random.default_rng(np.random.SeedSequence(seed)))
    if not selection:
        prior["small_study"] = np.zeros(N_PRIOR)
    effects: dict[Schedule, Numbers] = {}
    contributions: dict[str, Numbers] = {}
    for name, design in DESIGNS.items():
        if design.schedule not in effects:
            effects[design.schedule] = drug_effect(prior, design)
        contributions[name] = _log_likelihood(prior, published_trials()[name], effects[design.schedule])
    return prior, contributions


def _centred(values: Numbers) -> Numbers:
    return values - values.max()


def prior_draws(n: int, random: np.random.Generator) -> dict[str, Numbers]:
    """Return ``n`` draws of every parameter of the link before any trial, each of shape (draw,).

    Valid: parameters are independent.
    Source: ``values/madrs_link.toml``.
    """
    return {name: drawn(constant, random.standard_normal(n)) for name, constant in link_priors().items()}


def link_priors() -> dict[str, Parameter]:
    """Return the prior of every parameter of the link by name."""
    return {name: prior for table in OF_PRIORS for name, prior in load_values("madrs_link")[table].items()}


def drawn(constant: Parameter, scores: Numbers) -> Numbers:
    """Return draws of a prior at standard normal ``scores``, same shape.

    Valid: log-normal where low > 0, by odds where it is a share, normal where the sign is open.
    Source: ``values/madrs_link.toml``.
    """
    if constant.low > 0:
        return spread(constant, scores)
    side = np.where(scores < 0, constant.value - constant.low, constant.high - constant.value)
    return constant.value + side / Z_95 * scores


def saturate(exposure: Numbers, saturation: Numbers) -> Numbers:
    """Return g(x) [1], which is 1 at 1 and 1 + ``saturation`` at most."""
    return exposure * (1 + saturation) / (exposure + saturation)


def remaining(session_days: Sequence[float], day: float | Numbers, half_life: Numbers) -> Numbers:
    """Return what is left at ``day`` of one unit from each session until then [1]; sessions add up."""
    since = [np.asarray(day - start) for start in session_days]
    parts = [np.where(ago >= 0, 0.5 ** (np.maximum(ago, 0.0) / half_life), 0.0) for ago in since]
    return np.asarray(sum(parts, start=np.zeros(())), dtype=float)


def drug_effect(draw: Draw, design: Design) -> Numbers:
    """Return the mean improvement by the drug itself in the active arm [points], shape (draw,).

    Valid: people like the reference people; everybody is treated and followed.
    Source: the equation at the top of this file.
    """
    known, blocked = reference_exposures()[design.session]
    potency = draw[f"{POTENCIES[design.session]}_potency"] if design.session in POTENCIES else 1.0
    left = remaining(design.session_days, design.visit_day, draw["half_life"])
    through_adenosine = _mean_of(known, left * potency, draw["saturation"])
    through_block = _mean_of(blocked, left, draw["saturation"])
    share = draw["adenosine_share"]
    return draw["slope"] * (share * through_adenosine + (1 - share) * through_block)


def placebo_effect(draw: Draw, day: float | Numbers, course: bool) -> Numbers:
    """Return the mean improvement at ``day`` without drug or belief [points]; ``course``: over weeks of care.

    Valid: the quick part is whole within a day.
    Source: ``values/madrs_link.toml``.
    """
    slow = 1 - np.exp(-np.asarray(day) / draw["placebo_time"]) if course else 0.0
    return draw["placebo_quick"] + draw["placebo_slow"] * slow


def change_sd(draw: Draw, course: bool) -> Numbers:
    """Return the standard deviation of people's change within an arm [points], shape (draw,), were scores unbounded.

    Valid: parts independent; the spread of the drug's effect left out.
    Source: ``values/madrs_link.toml``.
    """
    slow = draw["placebo_slow_sd"] if course else np.zeros(())
    return np.sqrt(draw["placebo_sd"] ** 2 + draw["residual_sd"] ** 2 + slow**2)


def predicted(draw: Draw, trial: PublishedTrial, effect: Numbers) -> tuple[Numbers, Numbers]:
    """Return the difference of mean scores [points] (below 0: the active arm is better) and the SD of change.

    Each of shape (draw,). ``effect``: mean improvement by the drug [points], with what the trial itself adds to it.

    Valid: as ``drug_effect``; scores of an arm are normal but for the end of the scale.
    Source: the equations at the top of this file.
    """
    design = trial.design
    placebo = placebo_effect(draw, design.visit_day, design.course)
    worth = draw["expectancy"] + draw["rater_bias"]
    change = change_sd(draw, design.course)
    spread_of_scores = np.sqrt(change**2 + trial.baseline_sd**2 + draw["placebo_tau"] ** 2)
    control = trial.baseline - placebo - worth * draw[f"belief_{design.control}"]
    active = trial.baseline - placebo - worth * draw[f"belief_{design.belief}"] - effect
    ends, narrowed = _cut(np.stack([active, control]), spread_of_scores)
    return ends[0] - ends[1], change * narrowed.mean(axis=0)


def _cut(mean: Numbers, sd: Numbers) -> tuple[Numbers, Numbers]:
    """Return the mean of a normal variable cut at 0, and its SD relative to ``sd``."""
    z = mean / sd
    above, density = ndtr(z), np.exp(-0.5 * z**2) / np.sqrt(2 * np.pi)
    cut = mean * above + sd * density
    square = (mean**2 + sd**2) * above + mean * sd * density
    return cut, np.sqrt(np.maximum(square - cut**2, 0.0)) / sd


def _mean_of(people: Numbers, factor: Numbers, saturation: Numbers) -> Numbers:
    """Return the mean of g over people at each draw, shape (draw,)."""
    total = np.zeros(saturation.size)
    for person in people.tolist():
        total += saturate(person * factor, saturation)
    return total / people.size


def _log_likelihood(prior: Draw, trial: PublishedTrial, effect: Numbers) -> Numbers:
    """Return the logarithm of a published difference's likelihood at each draw, but for a constant, shape (draw,)."""
    variance = trial.standard_error**2 + prior["tau"] ** 2 / trial.n_trials
    of_one = trial.standard_error * np.sqrt(trial.n_trials)
    missed = trial.difference.value - predicted(prior, trial, effect)[0] + prior["small_study"] * of_one
    return -0.5 * (missed**2 / variance + np.log(variance))

"""The world that a trial is carried out in: the link's draws, and what MADRS becomes of what people get.

    y(t) = baseline - [quick + slow (1 - exp(-t / placebo_time)) + expectancy belief + rater_bias guess + specific(t)]
           + residual(t),   clipped to 0 .. 60
    specific(t) = m slope [w g(x_A(t)) + (1 - w) g(x_B(t))],   m = (1 - resistance max(failed - 2, 0)) exp(adora2a T)

quick ~ N(placebo_quick + placebo_tau z, placebo_sd) and, in trials of weeks, slow ~ N(placebo_slow, placebo_slow_sd)
are a person's own; z is the trial's. Between trials the difference of an active arm varies by tau. g, x_A and x_B are
those of ``link``; T counts the alleles that a person has beyond the mean of the pool.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from adenoscope.core.errors import Problem
from adenoscope.core.parameter import Parameter
from adenoscope.core.people import People
from adenoscope.core.recording import Samples
from adenoscope.core.trial import Arm, Assumption, Trial
from adenoscope.io.nearest import did_you_mean
from adenoscope.mechanism.cohort import Z_95, spread
from adenoscope.studies.trials.allocation import Random
from adenoscope.studies.trials.conduct import UNTREATED, Treated
from adenoscope.studies.trials.exposure import Exposure
from adenoscope.studies.trials.link import Link, remaining, saturate
from adenoscope.studies.trials.published import DESIGNS

MOST_MADRS = 60.0
TRIED = 2.0  # antidepressants without success, beyond which the effect is less
ENANTIOMERS = ("esketamine", "arketamine")


@dataclass(frozen=True, eq=False)
class World:
    """Everything that an outcome follows from; called with who gets what, it gives MADRS at the visits.

    ``parameters`` by name, shape (draw + 1,); the last is the centre, each parameter's median. ``adenosine`` and
    ``block``: engagement relative to the reference, shape (person, arm).
    """

    parameters: Mapping[str, Samples]
    adenosine: Samples
    block: Samples
    baseline: Samples
    modifier: Mapping[str, Samples]
    arms: tuple[Arm, ...]
    visit_days: tuple[float, ...]
    course: bool

    def __call__(self, treated: Treated, random: Random) -> Samples:
        """Return MADRS [points] of shape (person, visit), had everybody stayed."""
        own = {name: float(values[treated.draw]) for name, values in self.parameters.items()}
        n, days = treated.person.size, np.array(self.visit_days)
        of_trial = random.standard_normal(2)
        of_person, residual = random.standard_normal((2, n)), random.standard_normal((n, days.size))
        fall = (own["placebo_quick"] + own["placebo_tau"] * of_trial[0] + own["placebo_sd"] * of_person[0])[:, None]
        if self.course:
            slow = own["placebo_slow"] + own["placebo_slow_sd"] * of_person[1]
            fall = fall + slow[:, None] * (1 - np.exp(-days / own["placebo_time"]))
        believed = own["expectancy"] * treated.belief + own["rater_bias"] * treated.rater
        active = np.array([arm.kind == "active" for arm in self.arms])
        shifted = own["tau"] * of_trial[1] * np.where(treated.under == UNTREATED, False, active[treated.under])
        fall = fall + (believed + shifted)[:, None] + self.specific(treated, own)
        return np.clip(self.baseline[treated.person][:, None] - fall + own["residual_sd"] * residual, 0, MOST_MADRS)

    def specific(self, treated: Treated, own: Mapping[str, float]) -> Samples:
        """Return what sessions do by way of receptors [points of improvement], shape (person, visit)."""
        failed, alleles = (self.modifier[name][treated.person] for name in ("failed_trials", "adora2a_t"))
        modified = 1 - own["resistance"] * np.maximum(failed - TRIED, 0)
        modified = np.maximum(modified, 0) * np.exp(own["adora2a"] * alleles)
        effect = np.zeros((treated.person.size, len(self.visit_days)))
        for place, arm in enumerate(self.arms):
            here = np.flatnonzero(treated.under == place)
            if arm.is_inert or not here.size:
                continue
            left = np.array([remaining(arm.session_days, day, np.array(own["half_life"])) for day in self.visit_days])
            like = treated.engaged[here]
            adenosine = self.adenosine[like, place][:, None] * left * _potency(arm, own)
            share, saturation = own["adenosine_share"], np.array(own["saturation"])
            through_block = saturate(self.block[like, place][:, None] * left, saturation)
            both = share * saturate(adenosine, saturation) + (1 - share) * through_block
            effect[here] = own["slope"] * modified[here][:, None] * both
        return effect

    @property
    def n_draws(self) -> int:
        """Return how many draws of the link there are."""
        return next(iter(self.parameters.values())).size - 1

    def with_parameters(self, **values: float) -> World:
        """Return a world whose parameters have these values in every draw and at the centre."""
        same = {name: np.full(self.n_draws + 1, value) for name, value in values.items()}
        return replace(self, parameters={**self.parameters, **same})


def _potency(arm: Arm, own: Mapping[str, float]) -> float:
    """Return what multiplies an arm's engagement of adenosine's receptors [1]; see ``values/madrs_link.toml``."""
    for name in ENANTIOMERS:
        if any(dose.compound == name for dose in arm.give):
            return own[f"{name}_potency"]
    return own["ect_potency"] if arm.shock else 1.0


def make_world(trial: Trial, people: People, exposure: Exposure, link: Link) -> World:
    """Return the world of a trial, what it assumes in the place of the link's draws."""
    drawn = {name: np.asarray(values, dtype=float) for name, values in link.draws.items()}
    for number, assumed in enumerate(trial.assumptions):
        random = np.random.default_rng(np.random.SeedSequence(trial.seed, spawn_key=(1 << 32, number)))
        drawn[assumed.parameter] = assumed_draws(assumed, next(iter(drawn.values())).size, random)
    parameters = {name: np.append(values, np.median(values)) for name, values in drawn.items()}
    alleles = people["adora2a_t"] - people["adora2a_t"].mean()
    return World(
        parameters=parameters,
        adenosine=exposure.adenosine,
        block=exposure.block,
        baseline=people["madrs"],
        modifier={"failed_trials": people["failed_trials"], "adora2a_t": alleles},
        arms=trial.arms,
        visit_days=trial.visit_days,
        course=trial.course,
    )


def assumed_draws(assumed: Assumption, n: int, random: Random) -> Samples:
    """Return draws of what a trial assumes, shape (n,), by the rules of the link's own priors."""
    scores = random.standard_normal(n)
    if assumed.low > 0:
        unit = "1" if assumed.high < 1 else "points"
        constant = Parameter(assumed.parameter, assumed.value, unit, assumed.low, assumed.high, "assumed", False)
        return spread(constant, scores)
    side = np.where(scores < 0, assumed.value - assumed.low, assumed.high - assumed.value)
    return assumed.value + side / Z_95 * scores


def guess_chances(trial: Trial, parameters: Mapping[str, Samples]) -> tuple[Samples, Samples]:
    """Return how probable it is that patients, and raters, take each arm for active, shape (draw + 1, arm)."""
    n = next(iter(parameters.values())).size
    columns: tuple[list[Samples], list[Samples]] = ([], [])
    for arm in trial.arms:
        like = None if arm.blinding.like is None else parameters[f"belief_{arm.blinding.like}"]
        for given, column in zip((arm.blinding.patient, arm.blinding.rater), columns, strict=True):
            # What is given wins over what is like; io sees to it that one of them is there.
            column.append(np.full(n, given) if given is not None or like is None else like)
    return np.stack(columns[0], axis=1), np.stack(columns[1], axis=1)


def link_problems(trial: Trial, known: Sequence[str], file: str) -> list[Problem]:
    """Return what a trial takes for parameters of the link, beliefs or published trials, that are none."""
    beliefs = [name.removeprefix("belief_") for name in known if name.startswith("belief_")]
    likes = [arm.blinding.like for arm in trial.arms if arm.blinding.like is not None]
    assumed = [assumption.parameter for assumption in trial.assumptions]
    left_out = [] if trial.published is None else trial.published.left_out
    return [
        Problem(file, f"{place}: {name}", ", ".join(allowed), did_you_mean(name, allowed) or "delete it")
        for place, names, allowed in (
            ("guess_like", likes, beliefs),
            ("assume", assumed, list(known)),
            ("published.left_out", left_out, list(DESIGNS)),
        )
        for name in dict.fromkeys(names)
        if name not in allowed
    ]

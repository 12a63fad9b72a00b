"""The world that a trial is carried out in: the link's draws, and what MADRS becomes of what people get.

Scores are those of ``outcomes``. What a trial adds to them: raters guess for themselves, which moves scores by
``rater_bias`` times their guess in the place of the patient's; all arms of a trial are shifted by ``placebo_tau`` z,
and active arms by ``tau`` z besides.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from adenoscope.core.errors import Problem
from adenoscope.core.people import People
from adenoscope.core.recording import Samples
from adenoscope.core.trial import Arm, Assumption, Trial
from adenoscope.io.nearest import did_you_mean
from adenoscope.mechanism.cohort import is_share
from adenoscope.studies.trials.allocation import Random
from adenoscope.studies.trials.conduct import UNTREATED, Treated
from adenoscope.studies.trials.exposure import Exposure
from adenoscope.studies.trials.link import Draw, Link, drawn, link_priors
from adenoscope.studies.trials.outcomes import outcomes, person_effect
from adenoscope.studies.trials.published import DESIGNS

OF_PEOPLE = ("madrs", "failed_trials", "adora2a_t")  # what scores depend on besides engagement
ENANTIOMERS = ("esketamine", "arketamine")


@dataclass(frozen=True, eq=False)
class World:
    """Everything that an outcome follows from; called with who gets what, it gives MADRS at the visits.

    ``parameters`` by name, shape (draw + 1,); the last is the centre, each parameter's median. ``adenosine`` and
    ``block``: engagement relative to the reference, shape (person, arm).
    """

    parameters: Mapping[str, Samples]
    people: People
    adenosine: Samples
    block: Samples
    arms: tuple[Arm, ...]
    visit_days: tuple[float, ...]
    course: bool

    def __call__(self, treated: Treated, random: Random) -> Samples:
        """Return MADRS [points] of shape (person, visit), had everybody stayed."""
        own = self.at(treated.draw)
        of_trial = random.standard_normal(2)
        active = np.array([arm.kind == "active" for arm in self.arms])
        in_active = np.where(treated.under == UNTREATED, False, active[treated.under])
        shift = own["placebo_tau"] * of_trial[0] + own["tau"] * of_trial[1] * in_active
        shift = shift + own["rater_bias"] * (treated.rater - treated.belief)
        people, effect = self.people.take(treated.person), self.specific(treated)
        return outcomes(own, people, effect, treated.belief, self.visit_days, random, course=self.course, shift=shift)

    def at(self, draw: int) -> Draw:
        """Return one draw of the link's parameters by name, each a number."""
        return {name: values[draw] for name, values in self.parameters.items()}

    def specific(self, treated: Treated) -> Samples:
        """Return what sessions do by way of receptors [points of improvement], shape (person, visit)."""
        own = self.at(treated.draw)
        effect = np.zeros((treated.person.size, len(self.visit_days)))
        for place, arm in enumerate(self.arms):
            here = np.flatnonzero(treated.under == place)
            if arm.is_inert or not here.size:
                continue
            like = treated.engaged[here]
            effect[here] = person_effect(
                own,
                self.people.take(treated.person[here]),
                self.adenosine[like, place] * _potency(arm, own),
                self.block[like, place],
                arm.session_days,
                self.visit_days,
            )
        return effect

    @property
    def n_draws(self) -> int:
        """Return how many draws of the link there are."""
        return next(iter(self.parameters.values())).size - 1

    def with_parameters(self, **values: float) -> World:
        """Return a world whose parameters have these values in every draw and at the centre."""
        same = {name: np.full(self.n_draws + 1, value) for name, value in values.items()}
        return replace(self, parameters={**self.parameters, **same})


def _potency(arm: Arm, own: Draw) -> float:
    """Return what multiplies an arm's engagement of adenosine's receptors [1]; see ``values/madrs_link.toml``."""
    for name in ENANTIOMERS:
        if any(dose.compound == name for dose in arm.give):
            return float(own[f"{name}_potency"])
    return float(own["ect_potency"]) if arm.shock else 1.0


def make_world(trial: Trial, people: People, exposure: Exposure, link: Link) -> World:
    """Return the world of a trial, what it assumes in the place of the link's draws."""
    draws = {name: np.asarray(values, dtype=float) for name, values in link.draws.items()}
    for number, assumed in enumerate(trial.assumptions):
        random = np.random.default_rng(np.random.SeedSequence(trial.seed, spawn_key=(1 << 32, number)))
        draws[assumed.parameter] = assumed_draws(assumed, next(iter(draws.values())).size, random)
    parameters = {name: np.append(values, np.median(values)) for name, values in draws.items()}
    return World(
        parameters=parameters,
        people=People({name: people[name] for name in OF_PEOPLE}),
        adenosine=exposure.adenosine,
        block=exposure.block,
        arms=trial.arms,
        visit_days=trial.visit_days,
        course=trial.course,
    )


def assumed_draws(assumed: Assumption, n: int, random: Random) -> Samples:
    """Return draws of what a trial assumes, shape (n,), by the rules of the link's own priors."""
    prior, scores = link_priors()[assumed.parameter], random.standard_normal(n)
    own = replace(prior, value=assumed.value, low=assumed.low, high=assumed.high, source=assumed.source)
    return np.full(n, own.value) if own.low == own.high else drawn(own, scores)


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


def link_problems(trial: Trial, file: str) -> list[Problem]:
    """Return what a trial takes for parameters of the link, beliefs or published trials, and cannot be."""
    return [*_unknown(trial, file), *_impossible(trial, file)]


def _impossible(trial: Trial, file: str) -> Iterator[Problem]:
    """Yield a problem for each assumption whose range the parameter cannot have, such as a chance above 1."""
    for assumed in trial.assumptions:
        prior = link_priors().get(assumed.parameter)
        if prior is None or prior.low <= 0:  # may have any sign
            continue
        exact = assumed.low == assumed.high
        if not is_share(prior):
            fits, allowed = assumed.low > 0, "low above 0"
        else:
            fits = 0 <= assumed.low <= assumed.high <= 1 if exact else 0 < assumed.low < assumed.high < 1
            allowed = "low above 0 and high below 1, or low = value = high from 0 to 1"
        if not fits:
            found = f"assume {assumed.parameter}: {assumed.low:g} to {assumed.high:g}"
            yield Problem(file, found, allowed, "mend the range")


def _unknown(trial: Trial, file: str) -> list[Problem]:
    known = list(link_priors())
    beliefs = [name.removeprefix("belief_") for name in known if name.startswith("belief_")]
    likes = [arm.blinding.like for arm in trial.arms if arm.blinding.like is not None]
    assumed = [assumption.parameter for assumption in trial.assumptions]
    left_out = [] if trial.published is None else trial.published.left_out
    return [
        Problem(file, f"{place}: {name}", ", ".join(allowed), did_you_mean(name, allowed) or "delete it")
        for place, names, allowed in (
            ("guess_like", likes, beliefs),
            ("assume", assumed, known),
            ("published.left_out", left_out, list(DESIGNS)),
        )
        for name in dict.fromkeys(names)
        if name not in allowed
    ]

"""Virtual people: covariates with correlations, by a Gaussian copula.

    z ~ N(0, R),   covariate = F^-1(Phi(z))

with R the correlations and F the distributions of ``values/people.toml``; what follows from sex or age is drawn given
them. Limits of inclusion cut a distribution off, they do not move people to its edge. Person k depends on the seed
and on k alone, not on how many others there are.
"""

from __future__ import annotations

from dataclasses import asdict
from functools import cache

import numpy as np
from scipy.special import ndtr, ndtri
from scipy.stats import poisson

from adenoscope.core.parameter import load_values
from adenoscope.core.people import MADRS_MOST, Numbers, People, Population

BLOCK = 4096  # people whose random numbers come from one stream
SCORES = ("age", "height", "bmi", "smoking", "cyp1a2", "caffeine", "madrs", "failed", "haemoglobin", "fev1")
UNIFORMS = ("sex", "contraceptive", "consumer", "hours", "allele1", "allele2", "aa")


def draw_people(n: int, seed: int, population: Population | None = None) -> People:
    """Return ``n`` virtual people; covariates carry their unit in their name, the others are shares or counts.

    ``cyp1a2`` is activity relative to a typical person who neither smokes nor takes oral contraceptives;
    ``caffeine_mg`` was last drunk ``caffeine_h`` before a session; ``adora2a_t`` counts T alleles of rs5751876.

    Valid: as far as the sources in ``values/people.toml`` are; most correlations are assumed.
    Source: ``values/people.toml``.
    """
    chosen = _population(population or Population())
    score, uniform = _random(n, seed)
    sex = uniform["sex"] < chosen["female_share"]
    low, high = chosen["age_low"], chosen["age_high"]
    age = _between(score["age"], chosen["age_mean"], chosen["age_sd"], low, high)
    smoker = ndtr(score["smoking"]) > 1 - chosen["smoker_share"]
    covariates = {"age": age, "female": sex.astype(float), "smoker": smoker.astype(float)}
    covariates |= _body(sex, score)
    covariates |= _caffeine(sex, age, smoker, score, uniform, chosen["caffeine_abstinence_h"])
    covariates |= _illness(score, chosen)
    share = load_values("people")["receptor"]["adora2a_t"].value
    covariates["adora2a_t"] = (uniform["allele1"] < share) + (uniform["allele2"] < share) * 1.0
    return People(covariates | _oxygen(sex, age, score, uniform))


@cache
def correlations() -> Numbers:
    """Return the correlations of the normal scores, in the order of ``SCORES``."""
    matrix = np.eye(len(SCORES))
    for name, entry in load_values("people")["correlation"].items():
        one, other = (SCORES.index(part) for part in name.split("_"))
        matrix[one, other] = matrix[other, one] = entry.value
    return matrix


def _random(n: int, seed: int) -> tuple[dict[str, Numbers], dict[str, Numbers]]:
    """Return correlated normal scores and independent uniform numbers by name, each of shape (person,)."""
    factor = np.linalg.cholesky(correlations())
    normal, uniform = [], []
    for block in range(-(-n // BLOCK)):
        random = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(block,)))
        normal.append(random.standard_normal((BLOCK, len(SCORES))) @ factor.T)
        uniform.append(random.random((BLOCK, len(UNIFORMS))))
    scores, shares = (np.concatenate(parts)[:n].T for parts in (normal, uniform))
    return dict(zip(SCORES, scores, strict=True)), dict(zip(UNIFORMS, shares, strict=True))


def _population(population: Population) -> dict[str, float]:
    known = {name: entry.value for name, entry in load_values("people")["recruited"].items()}
    return known | {name: value for name, value in asdict(population).items() if value is not None}


def _value(table: str, name: str) -> float:
    return load_values("people")[table][name].value


def _between(score: Numbers, mean: float, sd: float, low: float, high: float) -> Numbers:
    """Return a normal variable at ``score``, cut off at ``low`` and ``high``."""
    least, most = ndtr((low - mean) / sd), ndtr((high - mean) / sd)
    return np.clip(mean + sd * ndtri(least + (most - least) * ndtr(score)), low, high)


def _body(sex: np.ndarray, score: dict[str, Numbers]) -> dict[str, Numbers]:
    middle = np.where(sex, _value("body", "height_women"), _value("body", "height_men"))
    height = middle + _value("body", "height_sd") * score["height"]
    bmi = _value("body", "bmi_median") * np.exp(_value("body", "bmi_log_sd") * score["bmi"])
    return {"height_m": height, "weight_kg": bmi * height**2}


def _caffeine(
    sex: np.ndarray,
    age: Numbers,
    smoker: np.ndarray,
    score: dict[str, Numbers],
    uniform: dict[str, Numbers],
    abstinence_h: float,
) -> dict[str, Numbers]:
    known = load_values("people")["caffeine"]
    fertile = sex & (age < known["contraceptive_age"].value)
    contraceptive = fertile & (uniform["contraceptive"] < known["contraceptive_share"].value)
    activity = np.exp(known["cyp1a2_log_sd"].value * score["cyp1a2"])
    activity = activity * np.where(smoker, known["cyp1a2_smoker"].value, 1.0)
    activity = activity * np.where(contraceptive, known["cyp1a2_contraceptive"].value, 1.0)
    daily = np.where(sex, known["daily_women"].value, known["daily_men"].value)
    daily = daily * np.exp(known["daily_log_sd"].value * score["caffeine"])
    daily = np.where(uniform["consumer"] < known["consumer_share"].value, daily, 0.0)
    low, high = known["hours_before"].low, known["hours_before"].high
    return {
        "contraceptive": contraceptive.astype(float),
        "cyp1a2": activity,
        "caffeine_mg_per_day": daily,
        "caffeine_mg": daily * known["share_before"].value,
        "caffeine_h": np.maximum(low + (high - low) * uniform["hours"], abstinence_h),
    }


def _illness(score: dict[str, Numbers], chosen: dict[str, float]) -> dict[str, Numbers]:
    """Return severity, and failed trials: Poisson, cut off below at the limit of inclusion."""
    madrs = _between(score["madrs"], chosen["madrs_mean"], chosen["madrs_sd"], chosen["madrs_low"], MADRS_MOST)
    least = poisson.cdf(chosen["failed_low"] - 1, chosen["failed_mean"])
    failed = poisson.ppf(least + (1 - least) * ndtr(score["failed"]), chosen["failed_mean"])
    return {"madrs": madrs, "failed_trials": np.maximum(failed, chosen["failed_low"])}


def _oxygen(
    sex: np.ndarray, age: Numbers, score: dict[str, Numbers], uniform: dict[str, Numbers]
) -> dict[str, Numbers]:
    known = load_values("people")["oxygen"]
    middle = np.where(sex, known["haemoglobin_women"].value, known["haemoglobin_men"].value)
    fev1 = np.maximum(known["fev1_mean"].value + known["fev1_sd"].value * score["fev1"], known["fev1_least"].value)
    gap = known["aa_at_birth"].value + known["aa_per_year"].value * age
    gap = gap * np.exp(known["aa_log_sd"].value * ndtri(uniform["aa"]))
    return {
        "haemoglobin_g_per_l": middle + known["haemoglobin_sd"].value * score["haemoglobin"],
        "fev1_percent": fev1,
        "aa_difference_mmhg": gap * (fev1 / known["fev1_mean"].value) ** known["aa_per_fev1"].value,
    }

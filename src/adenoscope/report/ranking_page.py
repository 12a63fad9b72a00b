"""The page of a ranking: who separates effect from side effect, how sure that is, and what would tell more."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from adenoscope.core.assay_panel import Assay
from adenoscope.core.ranking import ArmFit
from adenoscope.io.scheduled import DISCLAIMER
from adenoscope.report.answer_page import AnswerPage, Exhibit, Section, write_answer
from adenoscope.report.ink import SIMULATED
from adenoscope.report.numbers import per_cent
from adenoscope.report.ranking_figures import forest_figure, front, front_figure
from adenoscope.report.ranking_responses import responses_figure
from adenoscope.report.ranking_tables import (
    domains_table,
    front_table,
    next_table,
    not_ranked_table,
    open_table,
    predictions_table,
    ranking_table,
    responses_table,
    scheduled_table,
    structures_table,
    validity_sentences,
)
from adenoscope.report.ranking_words import ARM_WORDS, byline, figures, findings, index_words
from adenoscope.report.words import first_upper, full_stop
from adenoscope.studies.rank_compounds import RankingAnswer
from adenoscope.studies.ranking_files import RESEARCH_USE, milligrams, unverified_share

KIND = "Compounds by the separation of effect and side effect"
REPORT = "report.html"


def write_ranking_page(answer: RankingAnswer, out: Path) -> Path:
    """Write ``report.html`` into ``out``, whole or not at all, and return its path."""
    write_answer(ranking_page(answer), out / REPORT)
    return out / REPORT


def ranking_page(answer: RankingAnswer) -> AnswerPage:
    """Return everything that the page of a ranking shows."""
    return AnswerPage(
        title=f"Ranking of {answer.path.name}",
        kind=KIND,
        byline=byline(answer),
        notices=(f"{first_upper(SIMULATED)}: the assays of this table were not measured.",)
        if answer.synthetic
        else (),
        findings=findings(answer),
        sections=tuple(_sections(answer)),
    )


def _sections(answer: RankingAnswer) -> Iterator[Section]:
    yield _ranked(answer)
    yield _front(answer)
    yield _responses(answer)
    if answer.ranking.next_experiments:
        yield _next(answer)
    if any(not isinstance(facts.predicted, str) for facts in answer.facts.values()):
        yield _predictions(answer)
    yield Section("structures", "Structures", (STRUCTURES,), tables=(structures_table(answer),))
    yield Section("domain", "How near the structures are to known ones", (DOMAIN,), tables=(domains_table(answer),))
    scheduled = scheduled_table(answer)
    none = () if scheduled.rows else ("None of these compounds is in the list.",)
    yield Section("scheduled", "Scheduled status", (DISCLAIMER, *none), tables=(scheduled,) if scheduled.rows else ())
    if answer.not_ranked:
        yield Section("not-ranked", "Not ranked", (NOT_RANKED,), tables=(not_ranked_table(answer),))
    yield _method(answer)


STRUCTURES = (
    "As drawn from the standard form: salts and solvents stripped, charges that protons explain taken away, "
    "hydrogens left where the source has them. Stereocentres are named by CIP; open is what the source does not say."
)
DOMAIN = (
    "Inside: half of all circular fragments in common with a known compound, and size, polarity and log P within "
    "their range. Outside: no more in common than random molecules have, or two of these beyond the range; there, "
    "neither pooling with relatives nor the mechanism's prediction has anything to stand on."
)
NOT_RANKED = "A structure without a source, or without data in both arms, is listed and not ranked."


def _ranked(answer: RankingAnswer) -> Section:
    ranking = answer.ranking
    words = "; ".join(f"{item.compound} {index_words(item)}" for item in ranking.compounds)
    weights = ranking.weights
    even = weights.effect == weights.side_effect
    text = (
        "The therapeutic index is the dose of half the side effect over the dose of half the effect: above 1, the "
        "effect comes first. Better: the chance of a higher "
        + (
            "index"
            if even
            else f"score (weights {weights.effect:g} for the effect, {weights.side_effect:g} for the side effect)"
        )
        + f" than {ranking.reference}. Behind the others stand compounds whose index could not be told."
    )
    exhibit = Exhibit(
        "indices",
        forest_figure(ranking, synthetic=answer.synthetic),
        f"Indices with intervals. {words}.",
        f"Therapeutic index with its {_ci(answer)} interval. Red: the reference. Arrows: bounds that the doses "
        "give, beyond which 99.5 % of the posterior lies; 97 % of them held in simulated panels.",
        ranking_table(answer),
    )
    told = open_table(ranking)
    return Section("ranking", "Ranking", (text,), (exhibit,), (told,) if told.rows else ())


def _front(answer: RankingAnswer) -> Section:
    names = front(answer.ranking)
    text = (
        "Up and to the left is better: potent in the effect, and far from the side effect. Along a grey line the "
        "index is the same. Compounds on the front, dashed, are beaten in both by none: "
        f"{', '.join(names) or 'it could not be told'}."
    )
    exhibit = Exhibit(
        "front",
        front_figure(answer.ranking, synthetic=answer.synthetic),
        "Dose of half side effect over dose of half effect, both logarithmic.",
        f"ED50 of both arms with {_ci(answer)} intervals. Red: the reference; blue: the front.",
        front_table(answer),
    )
    return Section("front-of-both", "Effect against side effect", (text,), (exhibit,))


def _responses(answer: RankingAnswer) -> Section:
    exhibits = tuple(_response_exhibit(answer, assay) for assay in answer.panel.assays)
    text = (
        "Each dot is a group mean with its standard error, vehicle (v) at the left; the curve has its pointwise 95 % "
        "band. The dashed line is the dose of half effect where the doses tell it."
    )
    return Section("responses", "Dose and response", (text,), exhibits)


def _response_exhibit(answer: RankingAnswer, assay: Assay) -> Exhibit:
    fits: list[tuple[str, ArmFit]] = [
        (item.compound, fit)
        for item in answer.ranking.compounds
        for fit in (item.effect, item.side_effect)
        if fit.assay == assay.name
    ]
    unit, masses = answer.ranking.dose_unit, {name: 1.0 for name, _ in fits}
    in_mg = {name: milligrams(1.0, answer.facts[name].structure, unit) for name in masses}
    if None not in in_mg.values():
        unit, masses = "mg/kg", {name: factor or 1.0 for name, factor in in_mg.items()}
    return Exhibit(
        f"responses-{assay.arm}-{answer.panel.assays.index(assay)}",
        responses_figure(fits, answer.panel.rows, masses, unit, synthetic=answer.synthetic),
        f"{assay.name} over dose, a panel for each compound.",
        f"{assay.name} ({ARM_WORDS[assay.arm]}), in the order of the ranking.",
        responses_table(answer, assay.name),
    )


def _next(answer: RankingAnswer) -> Section:
    text = (
        f"Choosing now is expected to lose {figures(answer.ranking.at_stake)} ln units of score against knowing "
        "every compound exactly. A group of animals is worth the part of that which its result is expected to win "
        "back. These are groups of animals in assays that the table has, of compounds that it holds."
    )
    return Section("next", "What to measure next", (text,), tables=(next_table(answer),))


def _predictions(answer: RankingAnswer) -> Section:
    text = (
        "Where potencies on mitochondria and NMDA receptors are known, virtual mice are given the compound over five "
        "decades of doses. A prediction is no measurement and does not enter the ranking."
    )
    return Section(
        "mechanism",
        "What the mechanism predicts",
        (text, *validity_sentences(answer)),
        tables=(predictions_table(answer),),
    )


def _method(answer: RankingAnswer) -> Section:
    ranking, settled = answer.ranking, answer.ranking.convergence
    unverified = per_cent(round(unverified_share(answer), 2))
    sampled = (
        f"{settled.chains} chains, {settled.draws} draws, worst R-hat {settled.worst_r_hat:.3f}, least effective "
        f"draws {settled.least_effective:.0f}, seed {ranking.seed}. {unverified} of the constants behind domains and "
        "predictions are unverified."
    )
    notes = (full_stop(first_upper(note)) for note in (*answer.notes, *ranking.notes))
    return Section("method", "Method", (full_stop(ranking.method), *notes, sampled, RESEARCH_USE))


def _ci(answer: RankingAnswer) -> str:
    index = next((item.index for item in answer.ranking.compounds if item.index is not None), None)
    return per_cent(0.9 if index is None else index.ci_prob)

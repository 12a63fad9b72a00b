"""Tables of a ranking: numbers beside the figures, structures, what the mechanism says, and what is scheduled."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from markupsafe import Markup

from adenoscope.core.ranking import ArmFit, CompoundIndex, Ranking
from adenoscope.io.structures.drawing import structure_svg
from adenoscope.mechanism.predicted_index import PredictedIndex
from adenoscope.report.answer_page import Table
from adenoscope.report.numbers import number, per_cent
from adenoscope.report.ranking_words import (
    ARM_WORDS,
    chance,
    domain_words,
    ed50_words,
    figures,
    index_words,
    predicted_words,
    span,
    structure_words,
)
from adenoscope.studies.rank_compounds import Facts, RankingAnswer
from adenoscope.studies.ranking_files import milligrams

CENTRE_WORDS = {"?": "open"}


def ranking_table(answer: RankingAnswer) -> Table:
    """Return every ranked compound with its index, its chances and both doses of half effect."""
    ranking = answer.ranking
    ci_prob = next((item.index.ci_prob for item in ranking.compounds if item.index is not None), 0.9)
    header = (
        "compound",
        f"index ({per_cent(ci_prob)} interval)",
        f"better than {ranking.reference}",
        "best",
        "front",
    )
    doses = (f"ED50 effect ({ranking.dose_unit})", f"ED50 side effect ({ranking.dose_unit})", "domain")
    rows = tuple(
        (
            *(item.compound, index_words(item), _better(item, ranking), chance(item.p_best), chance(item.p_front)),
            *(ed50_words(item.effect), ed50_words(item.side_effect)),
            _standing(answer.facts[item.compound]),
        )
        for item in ranking.compounds
    )
    caption = "best: the chance of the highest score; front: of being on the front; both among the compounds told."
    return Table((*header, *doses), rows, caption)


def open_table(ranking: Ranking) -> Table:
    """Return why indices could not be told, and which dose would tell."""
    rows = [
        (item.compound, ARM_WORDS[fit.arm], fit.reason or item.reason or "", _telling(fit, ranking))
        for item in ranking.compounds
        if item.index is None
        for fit in (item.effect, item.side_effect)
        if fit.ed50 is None
    ]
    header = ("compound", "arm", "why it could not be told", "a dose that would tell")
    return Table(header, tuple(rows), "Whether animals bear such a dose is not asked here.")


def front_table(answer: RankingAnswer) -> Table:
    """Return what the figure of the front shows, in the panel's unit and in mg/kg."""
    rows: list[tuple[str, ...]] = []
    for item in answer.ranking.compounds:
        if item.effect.ed50 is not None and item.side_effect.ed50 is not None:
            doses = [fit.ed50.estimate for fit in (item.effect, item.side_effect) if fit.ed50 is not None]
            mass = [
                milligrams(dose, answer.facts[item.compound].structure, answer.ranking.dose_unit) for dose in doses
            ]
            middles = ("–" if each is None else figures(each) for each in mass)
            rows.append((item.compound, span(item.effect.ed50), span(item.side_effect.ed50), *middles))
    unit = answer.ranking.dose_unit
    header = (
        "compound",
        f"ED50 effect ({unit})",
        f"ED50 side effect ({unit})",
        "effect (mg/kg)",
        "side effect (mg/kg)",
    )
    return Table(header, tuple(rows))


def responses_table(answer: RankingAnswer, assay: str) -> Table:
    """Return the group means of an assay as they were given."""
    rows = tuple(
        (each.name, f"{dose.dose:g} {dose.unit}".strip(), f"{dose.mean:g}", f"{dose.sd:g}", str(dose.n), dose.source)
        for each in answer.facts.values()
        for each in (each.candidate,)
        for dose in each.doses
        if dose.assay == assay
    )
    return Table(("compound", "dose", "mean", "sd", "n", "source"), rows)


def next_table(answer: RankingAnswer) -> Table:
    """Return the experiments that would tell most."""
    unit = answer.ranking.dose_unit
    rows: list[tuple[str, ...]] = []
    for item in answer.ranking.next_experiments:
        mass = milligrams(item.dose, answer.facts[item.compound].structure, unit)
        dose = f"{figures(item.dose)} {unit}" + ("" if mass is None else f" ({figures(mass)} mg/kg)")
        gain = f"{number(item.gain.estimate, 3)} ({number(item.gain.low, 3)} to {number(item.gain.high, 3)})"
        rows.append((item.compound, item.assay, dose, str(item.n), gain, per_cent(round(item.share, 3))))
    header = ("compound", "assay", "dose", "animals", "expected gain (ln units)", "of all there is to gain")
    return Table(header, tuple(rows))


def predictions_table(answer: RankingAnswer) -> Table:
    """Return the mechanism's index beside the measured one."""
    indices = {item.compound: item for item in answer.ranking.compounds}
    rows = tuple(
        (name, _measured(indices.get(name)), *_predicted(facts))
        for name, facts in answer.facts.items()
        if isinstance(facts.predicted, PredictedIndex)
    )
    header = ("compound", "measured index", "predicted index", "kinetics of", "unverified constants")
    return Table(header, rows, "Medians with central 90 % of virtual mice.")


def structures_table(answer: RankingAnswer) -> Table:
    """Return every structure as drawn from its standard form."""
    header = ("compound", "structure", "formula", "molar mass (g/mol)", "stereocentres", "notes", "source")
    return Table(header, tuple(_structure_row(facts) for facts in answer.facts.values()))


def domains_table(answer: RankingAnswer) -> Table:
    """Return how near each structure is to those ranked, and to those that the mechanism was built on."""
    rows = tuple(
        (name, domain_words(facts.of_panel), domain_words(facts.of_mechanism)) for name, facts in answer.facts.items()
    )
    return Table(("compound", "among those ranked", "among those the mechanism knows"), rows)


def scheduled_table(answer: RankingAnswer) -> Table:
    """Return what is listed of each compound."""
    rows = tuple(
        (
            name,
            listing.jurisdiction,
            listing.status,
            f"{listing.date_is} {listing.date}",
            _source(listing.source, listing.verified),
        )
        for name, facts in answer.facts.items()
        for listing in facts.listings
    )
    return Table(("compound", "jurisdiction", "status", "date", "source"), rows)


def not_ranked_table(answer: RankingAnswer) -> Table:
    """Return who is not ranked, and why."""
    rows = tuple(
        (item.compound, item.reason, predicted_words(answer.facts[item.compound].predicted))
        for item in answer.not_ranked
    )
    return Table(("compound", "why it is not ranked", "the mechanism's index"), rows)


def validity_sentences(answer: RankingAnswer) -> Iterator[str]:
    """Yield where predictions leave what the mechanism was built for, each sentence once."""
    predicted = [facts.predicted for facts in answer.facts.values() if isinstance(facts.predicted, PredictedIndex)]
    yield from dict.fromkeys(sentence for each in predicted for sentence in each.outside_validity)


def _structure_row(facts: Facts) -> tuple[str | Markup, ...]:
    structure = facts.structure
    source = facts.candidate.source or "none"
    if structure is None:
        return (facts.candidate.name, "–", "–", "–", "–", structure_words(facts), source)
    centres = ", ".join(CENTRE_WORDS.get(label, label) for label in structure.centres) or "none"
    drawing = Markup(structure_svg(structure.smiles))
    mass = number(structure.molar_mass, 2)
    return (facts.candidate.name, drawing, structure.formula, mass, centres, structure_words(facts), source)


def _better(item: CompoundIndex, ranking: Ranking) -> str:
    return "reference" if item.compound == ranking.reference else chance(item.p_better)


def _standing(facts: Facts) -> str:
    return "–" if facts.of_panel is None else facts.of_panel.standing


def _telling(fit: ArmFit, ranking: Ranking) -> str:
    return "–" if fit.telling_dose is None else f"{figures(fit.telling_dose)} {ranking.dose_unit}"


def _measured(item: CompoundIndex | None) -> str:
    return "not ranked" if item is None else index_words(item)


def _predicted(facts: Facts) -> Sequence[str]:
    predicted = facts.predicted
    if isinstance(predicted, str):
        return (predicted, "–", "–")
    share = 1 - sum(predicted.constants.values()) / len(predicted.constants)
    return (predicted_words(predicted), predicted.like, per_cent(round(share, 2)))


def _source(source: str, verified: bool) -> str:
    return source if verified else f"{source} (not verified)"

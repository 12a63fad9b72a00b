"""What a ranking says, in words: ratios, doses and chances with as many digits as they bear."""

from __future__ import annotations

import math
from collections.abc import Sequence

from adenoscope.core.assay_panel import AssayPanel
from adenoscope.core.interval import Interval
from adenoscope.core.ranking import ArmFit, CompoundIndex
from adenoscope.core.structure import Domain
from adenoscope.mechanism.predicted_index import PredictedIndex
from adenoscope.report.numbers import GAP, count, per_cent
from adenoscope.studies.rank_compounds import Facts, RankingAnswer
from adenoscope.studies.ranking_files import milligrams

DIGITS = 2
SURE = 0.95
ARM_WORDS = {"effect": "effect", "side_effect": "side effect"}
DOMAIN_WORDS = {"inside": "inside", "edge": "at the edge", "outside": "outside"}


def figures(value: float) -> str:
    """Return a positive number with two digits that count, never as a power of ten."""
    if value == 0 or not math.isfinite(value):
        return f"{value:g}"
    places = max(0, DIGITS - 1 - math.floor(math.log10(abs(value))))
    rounded = float(f"{value:.{DIGITS}g}")
    return f"{rounded:.{places}f}"


def span(interval: Interval | None) -> str:
    """Return "1.6 (0.9 to 2.8)", or a dash where there is none."""
    if interval is None:
        return "–"
    return f"{figures(interval.estimate)} ({figures(interval.low)} to {figures(interval.high)})"


def chance(probability: float | None) -> str:
    """Return a probability with two decimals, kept from a certainty that draws cannot give."""
    if probability is None:
        return "–"
    if probability > 0.995:
        return "> 0.99"
    return "< 0.01" if probability < 0.005 else f"{probability:.2f}"


def index_words(item: CompoundIndex) -> str:
    """Return an index with its interval, or what can be said of it all the same."""
    if item.index is not None:
        return span(item.index)
    if item.index_above is not None:
        return f"could not tell; above {figures(item.index_above)}"
    if item.index_below is not None:
        return f"could not tell; below {figures(item.index_below)}"
    return "could not tell"


def ed50_words(fit: ArmFit) -> str:
    """Return a dose of half effect with its interval, or the bound that the doses give."""
    if fit.ed50 is not None:
        return span(fit.ed50)
    if fit.ed50_above is not None:
        return f"above {figures(fit.ed50_above)}"
    return "could not tell" if fit.ed50_below is None else f"below {figures(fit.ed50_below)}"


def domain_words(found: Domain | None) -> str:
    """Return how near a structure is to the known ones, with its nearest and what lies beyond their range."""
    if found is None:
        return "no structure"
    words = DOMAIN_WORDS[found.standing]
    if found.nearest is not None and found.similarity is not None:
        words += f"; nearest {found.nearest} ({found.similarity:.2f})"
    return "; ".join((words, *found.beyond))


def predicted_words(predicted: PredictedIndex | str) -> str:
    """Return the mechanism's index, or why there is none."""
    if isinstance(predicted, str):
        return predicted
    return span(predicted.index) if predicted.index is not None else f"could not tell: {predicted.reason}"


def findings(answer: RankingAnswer) -> tuple[str, ...]:
    """Return what the ranking found, in a few sentences."""
    ranking = answer.ranking
    told = [item for item in ranking.compounds if item.index is not None]
    said = [_best(told, ranking.reference)]
    far = [item.compound for item in told[:1] if _is_outside(answer.facts[item.compound].of_panel)]
    if far:
        said.append(f"{far[0]} is like none of the others in structure: its relatives told nothing of it.")
    open_ones = [item.compound for item in ranking.compounds if item.index is None]
    if open_ones:
        words = "its doses do not tell" if len(open_ones) == 1 else "their doses do not tell"
        said.append(f"Could not tell the index of {_listed(open_ones)}: {words} both half effects.")
    if answer.not_ranked:
        said.append(f"Not ranked: {'; '.join(f'{item.compound}, {item.reason}' for item in answer.not_ranked)}.")
    if ranking.next_experiments:
        first = ranking.next_experiments[0]
        mass = milligrams(first.dose, answer.facts[first.compound].structure, ranking.dose_unit)
        dose = f"{figures(first.dose)}{GAP}{ranking.dose_unit}" + (
            "" if mass is None else f" ({figures(mass)}{GAP}mg/kg)"
        )
        said.append(
            f"Of one more group of animals, {first.n} with {first.compound}, {dose}, in {first.assay} tell most."
        )
    return tuple(said)


def _is_outside(found: Domain | None) -> bool:
    return found is not None and found.standing == "outside"


def _best(told: Sequence[CompoundIndex], reference: str) -> str:
    if not told:
        return "Could not tell the index of any compound: the doses do not bracket both half effects."
    others = [item for item in told if item.compound != reference and item.p_better is not None]
    first = told[0]
    index = span(first.index).replace(
        "(", "(" if first.index is None else f"({per_cent(first.index.ci_prob)} interval "
    )
    lead = f"Furthest apart are effect and side effect of {first.compound}: index {index}"
    if first.compound == reference:
        return f"{lead}. It is the reference."
    sure = [item.compound for item in others if item.p_better is not None and item.p_better >= SURE]
    better = (
        f" Better than {reference} with a chance of {SURE:g} or more: {_listed(sure)}."
        if sure != [first.compound] and sure
        else ""
    )
    return f"{lead}; its chance to be better than {reference} is {chance(first.p_better)}.{better}"


def _listed(names: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1]))) if names else "none"


def byline(answer: RankingAnswer) -> str:
    """Return how much the ranking rests on, for below its title."""
    panel: AssayPanel = answer.panel
    compounds = len(answer.ranking.compounds)
    assays = ", ".join(f"{assay.name} ({ARM_WORDS[assay.arm]})" for assay in panel.assays)
    return f"{count(compounds, 'compound')} ranked against {answer.ranking.reference}; {assays}"


def structure_words(facts: Facts) -> str:
    """Return what was found about a structure on the way to its standard form."""
    if facts.structure is None:
        return "no structure"
    return "; ".join((*facts.structure.notes, *facts.relations)) or "nothing to note"

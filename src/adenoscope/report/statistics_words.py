"""The statistics of a study in words: what was estimated and how, what was judged, and what was not corrected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from adenoscope.core.contrast import Contrast
from adenoscope.core.result import StudyResult
from adenoscope.core.verdict import Verdict
from adenoscope.report.numbers import GAP, count
from adenoscope.report.verdict_words import margin_words
from adenoscope.report.words import first_upper, measure_of

ASSUMED = (
    "Groups may have spreads of their own, and no test of normality decides what is computed. The t intervals take "
    "means of animals as about normal, which few animals with a very skewed readout are not; a permutation that "
    "keeps pairs and cohorts together takes only that labels could have been exchanged, and stands beside"
)


def method_counts(contrasts: Sequence[Contrast]) -> str:
    """Return how the intervals were made: "Welch's t (7 comparisons), paired t (2 comparisons)"."""
    made = Counter(contrast.method or "as given" for contrast in contrasts if contrast.difference is not None)
    return ", ".join(f"{method} ({count(n, 'comparison')})" for method, n in made.most_common())


def statistics_paragraphs(result: StudyResult) -> tuple[str, ...]:
    """Return the methods paragraphs of the comparisons that were made."""
    if not result.contrasts:
        return ()
    return tuple(
        " ".join(sentences)
        for sentences in (
            tuple(_estimation(result)),
            tuple(_necessity(result)),
            tuple(_margins(result.verdicts)),
            (multiplicity_words(result.verdicts),),
        )
        if any(sentences)
    )


def _estimation(result: StudyResult) -> Iterator[str]:
    yield (
        "The animal is the unit of replication: each gives one value to each group, the mean of its sessions there. "
        f"Every group is compared with {result.study.vehicle} in the same region, genotype, condition and "
        "pretreatment, and at the same delay; where most animals were measured under both, inside the animal. The "
        f"result is a difference with its 95{GAP}% interval, not a test."
    )
    made = method_counts(result.contrasts)
    if made:
        yield (
            f"Intervals were made by {made}; degrees of freedom are Satterthwaite’s (Welch 1947; Bell & McCaffrey "
            "2002). From 100 animals in each group on, a bias-corrected and accelerated bootstrap takes the place "
            "of t (Efron 1987); of fewer, a bootstrap is too narrow."
        )
    yield (
        "p values are those of permutations that keep pairs and cohorts together, with a studentised statistic "
        f"(Janssen 1997). {ASSUMED}."
    )


def _necessity(result: StudyResult) -> Iterator[str]:
    if not result.verdicts:
        return
    yield (
        "A verdict rests on one linear contrast of four groups: the effect without the manipulation, the effect "
        "under it, and the interaction, which is the first minus the second."
    )
    yield (
        f"Necessary: the 95{GAP}% interval of the effect excludes zero, that of the interaction excludes zero in the "
        f"same direction, and what is left of the effect is equivalent to zero, its 90{GAP}% interval lying inside "
        f"± the margin (two one-sided tests at 5{GAP}%; Schuirmann 1987). Reduced: the same, but what is left may be "
        "as large as the margin. Not necessary: what is left excludes zero, and the interaction is equivalent to "
        "zero. Everything else could not be told."
    )
    yield (
        "The number of animals that would tell comes from studies drawn at random with the effect and spreads seen; "
        "it gives a verdict in four of five of them, whether nothing or all of the effect is left. The share that "
        "is left has Fieller’s interval (1954)."
    )


def _margins(verdicts: Sequence[Verdict]) -> Iterator[str]:
    given: dict[str, str] = {}
    by_data: list[str] = []
    for verdict in verdicts:
        if verdict.margin is not None:
            measure = measure_of(verdict.readout, verdict.unit)
            if verdict.margin.given:
                given[measure.name] = margin_words(verdict.margin, measure)
            elif measure.name not in by_data:
                by_data.append(measure.name)
    if given:
        sizes = ", ".join(f"{size} for {name}" for name, size in given.items())
        yield f"Margins from study.toml, the smallest effects of interest: {sizes}."
    if by_data:
        yield (
            f"{first_upper(', '.join(by_data))}: study.toml gives no margin, so it is half of the effect seen in the "
            f"same animals. Such a margin depends on the data and cannot be called planned; what it is unsure of is "
            f"carried into the 90{GAP}% intervals, which are wider for it."
        )


def multiplicity_words(verdicts: Sequence[Verdict]) -> str:
    """Return how many questions were judged and that the verdicts are not corrected for it; nothing for none."""
    asked = [verdict for verdict in verdicts if verdict.p_interaction is not None]
    if not asked:
        return ""
    if len(asked) == 1:
        return "One question was judged, so there is nothing to correct for."
    readouts = len({verdict.readout for verdict in asked})
    return (
        f"{count(len(asked), 'question')} on {count(readouts, 'readout')} were judged. The verdicts, the intervals "
        "and the p values are not corrected for that number. Beside each p of an interaction stands the one that "
        f"Holm’s procedure (1979) adjusts for all {len(asked)}."
    )

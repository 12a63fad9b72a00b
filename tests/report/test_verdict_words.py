"""Verdicts in sentences: what was found, and what could not be told; an absence is never claimed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from made_results import a_verdict, an_effect, an_open_verdict, behaviour_result, some_verdicts

from adenoscope.core.interval import Interval
from adenoscope.core.reading import Setting
from adenoscope.core.verdict import Margin, Verdict
from adenoscope.report.numbers import Measure
from adenoscope.report.statistics_words import method_counts, multiplicity_words, statistics_paragraphs
from adenoscope.report.verdict_words import (
    margin_words,
    needed_words,
    row_words,
    share_words,
    under_words,
    verdict_paragraph,
    verdict_sentence,
    verdict_warnings,
    without_words,
)

SECONDS = Measure("FST immobility", "s")


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def told(verdict: Verdict) -> str:
    return plain(" ".join((verdict_sentence(verdict), *verdict_paragraph(verdict), *verdict_warnings(verdict))))


def after(pretreatment: str, dose: float | None = None) -> Setting:
    return Setting(pretreatment=pretreatment, pretreatment_dose=dose, pretreatment_unit="mg/kg" if dose else "")


def test_a_necessity_is_told_with_both_effects_the_interaction_and_what_is_left() -> None:
    assert told(a_verdict()) == (
        "What Adora1-KO takes away is necessary for the effect of ketamine 10 mg/kg on FST immobility (CRS, 1 h "
        "later). "
        "Ketamine 10 mg/kg lowered FST immobility in WT by 41 s (95 % interval 19 to 63; n = 7 and 7). "
        "In Adora1-KO the difference was −2 s (95 % interval −20 to 16; n = 7 and 7), which could not be told from "
        "zero. "
        "The interaction, the effect in WT minus the effect in Adora1-KO, is −39 s (95 % interval −66 to −12; "
        "permutation p = 0.004). "
        "The 90 % interval of the residual effect (5 % of the whole effect, 95 % interval −45 to 59) is −17 to 13 "
        "and lies within ±20 s. "
        "The effect is there without the manipulation, smaller under it, and what is left of it is smaller than the "
        "margin."
    )


def test_what_could_not_be_told_comes_with_the_reason_and_the_animals_that_would_tell() -> None:
    text = told(an_open_verdict())
    assert text.startswith("Could not tell whether the effect of ketamine 10 mg/kg on FST immobility")
    assert "the interaction's interval holds zero. 38 animals in each group would tell" in text
    assert "does not lie within" in text
    assert plain(needed_words(an_open_verdict())) == "n = 38 would tell"
    assert needed_words(a_verdict()) == ""


def test_a_margin_from_the_data_is_said_to_be_one_and_a_given_one_is_not() -> None:
    assert "depends on the data: it is half of the effect seen" in told(an_open_verdict())
    assert "depends on the data" not in told(a_verdict())


def test_the_claim_of_two_separate_tests_is_named_where_the_verdict_is_another() -> None:
    assert "would have claimed that it is necessary" in told(an_open_verdict())
    assert "That does not follow" in told(an_open_verdict())
    assert "would have claimed" not in told(a_verdict(separate_tests=True))
    assert "would have claimed" not in told(an_open_verdict(separate_tests=False))


def test_a_verdict_that_it_is_not_necessary_is_held_against_the_margin_by_its_interaction() -> None:
    text = told(some_verdicts()[1])
    assert text.startswith("What Adora1-KO takes away is not necessary for the effect")
    assert "The 90 % interval of the interaction is −7.0 to 5.0 and lies within ±9 m." in text


@pytest.mark.parametrize(
    ("residual", "rest"),
    [
        (Interval(-15.0, -25.0, -5.0), "some of it is left."),
        (Interval(-9.0, -25.0, 7.0), "whether any of it is left could not be told."),
        (Interval(18.0, 4.0, 32.0), "what is left goes the other way."),
    ],
)
def test_a_reduced_effect_says_whether_some_of_it_is_left(residual: Interval, rest: str) -> None:
    verdict = a_verdict(finding="reduced", residual=an_effect("Adora1-KO", residual, "k"))
    assert verdict_sentence(verdict).endswith(rest)


def test_nobody_measured_is_a_reason_and_no_numbers() -> None:
    nobody = some_verdicts()[-1]
    assert told(nobody) == (
        "Could not tell whether the effect of ketamine on FST immobility needs what Nt5e-KO takes away. No animal "
        "with Nt5e-KO got ketamine and gave FST immobility."
    )
    assert share_words(nobody) == ""


def test_too_few_animals_are_a_reason_beside_what_can_be_said() -> None:
    alone = a_verdict(
        residual=an_effect("Adora1-KO", None, "k"), interaction=None, residual_90=None, interaction_90=None,
        margin=None, finding="could_not_tell", reason="At least 2 animals are needed.", p_interaction=None,
        separate_tests=False,
    )  # fmt: skip
    text = told(alone)
    assert "lowered FST immobility in WT by 41 s" in text
    assert text.endswith("At least 2 animals are needed.")


def test_the_share_that_is_left_has_an_interval_and_a_turned_effect_is_called_so() -> None:
    assert plain(share_words(a_verdict())) == "5 % left (−45 to 59 %)"
    turned = a_verdict(residual=an_effect("Adora1-KO", Interval(18.0, 4.0, 32.0), "k"))
    assert share_words(turned).startswith("turned round")
    weak = a_verdict(reference=an_effect("WT", Interval(-10.0, -30.0, 10.0), "w"))
    assert share_words(weak) == ""


def test_places_of_a_genotype_and_of_a_pretreatment() -> None:
    assert (without_words(a_verdict()), under_words(a_verdict())) == ("in WT", "in Adora1-KO")
    given = a_verdict(
        manipulation="PSB36",
        reference=replace(an_effect("WT", Interval(-41.0, -63.0, -19.0), "w"), setting=after("saline")),
        residual=replace(an_effect("WT", Interval(-2.0, -20.0, 16.0), "k"), setting=after("PSB36", 1.0)),
    )
    assert (without_words(given), plain(under_words(given))) == ("after saline", "after PSB36 1 mg/kg")
    assert plain(" | ".join(row_words(given))) == "PSB36 1 mg/kg | ketamine 10 mg/kg, WT"
    bare = replace(given, reference=replace(an_effect("WT", None, "w"), setting=after("")))
    assert without_words(bare) == "without pretreatment"


def test_a_given_margin_is_written_as_it_was_given() -> None:
    assert plain(margin_words(Margin(20.0, given=True), SECONDS)) == "±20 s"
    assert plain(margin_words(Margin(0.015, given=True), Measure("mean ΔF/F", "%", 100.0, "percentage points"))) == (
        "±1.5 percentage points"
    )
    assert plain(margin_words(Margin(20.53721, given=False), SECONDS)) == "±21 s"


def test_no_sentence_claims_an_absence() -> None:
    result = behaviour_result()
    texts = [told(verdict) for verdict in some_verdicts()] + list(statistics_paragraphs(result))
    for claim in ("no effect", "no change", "no difference", "abolish", "prevented", "not significant"):
        assert not [text for text in texts if claim in text.lower()]


def test_the_methods_name_intervals_margins_and_the_number_of_questions() -> None:
    text = plain(" ".join(statistics_paragraphs(behaviour_result())))
    for expected in (
        "The animal is the unit of replication",
        "Welch's t (6 comparisons)",
        "two one-sided tests",
        "Margins from study.toml, the smallest effects of interest: ±20 s for FST immobility, ±9 m for distance",
        "FST immobility: study.toml gives no margin",
        "4 questions on 2 readouts were judged",
        "not corrected for that number",
        "adjusts for all 4",
    ):
        assert expected in text
    assert statistics_paragraphs(replace(behaviour_result(), contrasts=(), verdicts=())) == ()


def test_one_question_needs_no_correction_and_none_says_nothing() -> None:
    assert "nothing to correct for" in multiplicity_words((a_verdict(),))
    assert multiplicity_words(some_verdicts()[-1:]) == ""


def test_methods_are_counted_where_there_is_an_interval() -> None:
    one, other = an_effect("WT", Interval(0.0, -1.0, 1.0), "w"), an_effect("WT", None, "v")
    assert method_counts((one, one, other)) == "Welch's t (2 comparisons)"

"""The report of a study: one HTML file that needs nothing else, on a screen or on paper."""

from __future__ import annotations

from pathlib import Path

from adenoscope.core.atomic import write_text
from adenoscope.core.result import StudyResult
from adenoscope.report.arrive import arrive_checklist, arrive_headline
from adenoscope.report.curve_pages import curve_pages
from adenoscope.report.dose_pages import comparison_sentence, dose_pages
from adenoscope.report.edit_pages import edit_page
from adenoscope.report.group_pages import readout_pages
from adenoscope.report.html import templates
from adenoscope.report.ink import SIMULATED
from adenoscope.report.mediation_pages import mediation_pages
from adenoscope.report.pages import prior_rows, session_pages, setting_rows, shared_assumptions
from adenoscope.report.statistics_words import multiplicity_words, statistics_paragraphs
from adenoscope.report.verdict_pages import necessity_page
from adenoscope.report.words import contrast_sentence, counts_sentence, excluded, kind_words

MOST_SENTENCES = 12


def write_report(result: StudyResult, path: Path) -> None:
    """Write the report of ``result`` to ``path``, whole or not at all, the same bytes every time."""
    write_text(path, render_report(result))


def render_report(result: StudyResult) -> str:
    """Return the report as HTML text."""
    page = templates().get_template("study.html")
    checklist = arrive_checklist(result)
    return page.render(
        result=result,
        study=result.study,
        simulated=SIMULATED,
        kind=kind_words(result),
        most_sentences=MOST_SENTENCES,
        necessity=necessity_page(result),
        statistics=statistics_paragraphs(result),
        multiplicity=multiplicity_words(result.verdicts),
        arrive=checklist,
        arrive_headline=arrive_headline(checklist),
        counts=counts_sentence(result),
        sentences=[contrast_sentence(contrast, result.study) for contrast in result.contrasts],
        readouts=list(readout_pages(result)),
        doses=list(dose_pages(result.doses, synthetic=result.study.synthetic)),
        comparisons=[comparison_sentence(comparison) for comparison in result.dose_comparisons],
        mediations=list(mediation_pages(result)),
        curves=list(curve_pages(result.curves, synthetic=result.study.synthetic)),
        sessions=list(session_pages(result)),
        excluded=excluded(result),
        edited=edit_page(result),
        settings=setting_rows(result),
        assumed=shared_assumptions(result),
        priors=prior_rows(),
    )

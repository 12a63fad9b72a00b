"""What the report shows of whole-trace contrasts: a figure, and when the band excludes zero."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from adenoscope.core.curve_contrast import CurveContrast
from adenoscope.report.curve_figures import curve_figure
from adenoscope.report.numbers import GAP, count, duration
from adenoscope.report.pages import marked
from adenoscope.report.svg import inline_svg
from adenoscope.report.words import first_upper, full_stop, given_words, setting_words


@dataclass(frozen=True)
class CurvePage:
    """One whole-trace contrast: its place in the page, its words and its figure."""

    anchor: str
    heading: str
    sentence: str
    figure: Markup | None


def curve_pages(contrasts: Sequence[CurveContrast], *, synthetic: bool) -> Iterator[CurvePage]:
    """Yield each whole-trace contrast as the page shows it."""
    for index, contrast in enumerate(contrasts, start=1):
        group = setting_words(contrast.setting)
        heading = f"{given_words(contrast.given)} against {contrast.versus}" + (f" ({group})" if group else "")
        if contrast.kind == "interaction":
            heading = f"interaction with {contrast.manipulation}: {heading}"
        sentence = curve_sentence(contrast)
        figure = curve_figure(contrast, synthetic=synthetic)
        alt = marked(f"Difference of ΔF/F over time with two bands. {sentence}", synthetic=synthetic)
        name = f"curve-{index}"
        yield CurvePage(
            anchor=name,
            heading=first_upper(heading),
            sentence=sentence,
            figure=None if figure is None else inline_svg(figure, name=f"{name}-figure", alt=alt),
        )


def curve_sentence(contrast: CurveContrast) -> str:
    """Return when the simultaneous band excludes zero, or that it could not be told at any time."""
    what = (
        "the interaction"
        if contrast.kind == "interaction"
        else f"{given_words(contrast.given)} minus {contrast.versus}"
    )
    animals = f"{count(contrast.n_treated, 'treated animal')}, {contrast.n_vehicle} with {contrast.versus}"
    if contrast.difference is None:
        return f"Could not tell at what times {what} differs from zero. {_reason(contrast)}"
    if not contrast.excludes_zero_s:
        return f"Could not tell at any time whether {what} differs from zero ({animals}). {_reason(contrast)}".strip()
    clock = duration("", max(abs(end) for stretch in contrast.excludes_zero_s for end in stretch))
    stretches = " and ".join(
        f"from {start * clock.scale:.3g} to {end * clock.scale:.3g}{GAP}{clock.unit}".replace("-", "−")
        for start, end in contrast.excludes_zero_s
    )
    told = f"{first_upper(what)} differs from zero {stretches} after the intervention, judged for all times at once"
    return f"{told} ({animals}). {_reason(contrast)}".strip()


def _reason(contrast: CurveContrast) -> str:
    return full_stop(first_upper(contrast.reason)) if contrast.reason else ""

"""A figure as SVG text: the same bytes every time, and fit to stand inside a page beside others."""

from __future__ import annotations

import io
import re
import warnings
from html import escape

from markupsafe import Markup
from matplotlib.figure import Figure

from adenoscope.report.ink import house_style

DECIMALS = 2


def standalone_svg(figure: Figure) -> str:
    """Return an SVG file's text with its lettering as outlines, so it looks alike everywhere."""
    return _shortened(_drawn(figure, fonttype="path"))


def inline_svg(figure: Figure, *, name: str, alt: str) -> Markup:
    """Return an ``<svg>`` element; ``name`` keeps its ids apart from others', ``alt`` is read aloud."""
    text = _shortened(_drawn(figure, fonttype="none"))
    text = re.sub(r'(\bid="|url\(#|xlink:href="#)', rf"\g<1>{name}-", text).replace("xlink:href", "href")
    box = re.search(r'viewBox="[^"]*"', text)
    # The first definitions are a style for the whole page; the page's own style says it for figures.
    body = text[text.index("</defs>") + len("</defs>") :]
    if box is None:
        raise ValueError("the drawing has no viewBox")
    label = f'role="img" aria-label="{escape(alt, quote=True)}"'
    return Markup(f'<svg {box.group()} {label} style="--width: {figure.get_figwidth():g}in">{body}')


def _drawn(figure: Figure, *, fonttype: str) -> str:
    out = io.StringIO()
    with house_style(**{"svg.fonttype": fonttype}), warnings.catch_warnings():
        # The reader's own fonts draw the text; only its width is measured here.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        figure.savefig(out, format="svg", metadata={"Date": None})
    return re.sub(r"<!DOCTYPE.*?>|<metadata>.*?</metadata>", "", out.getvalue(), flags=re.DOTALL)


def _shortened(text: str) -> str:
    """Return the drawing with coordinates to a hundredth of a point, and no blanks that a path can spare."""

    def shorter(path: re.Match[str]) -> str:
        rounded = re.sub(r"\d+\.\d{3,}", lambda digits: f"{float(digits.group()):.{DECIMALS}f}", path.group())
        return re.sub(r"\s*([MLCQz])\s*", r"\1", rounded)

    return re.sub(r'(?<=\bd=")[^"]*', shorter, text)

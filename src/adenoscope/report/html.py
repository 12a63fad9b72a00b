"""The templates of pages: what comes from a user is escaped, and a name that is not known is a mistake of ours."""

from __future__ import annotations

import re
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from adenoscope.report.numbers import grouped
from adenoscope.report.words import first_upper


def code(text: str) -> Markup:
    """Return a sentence as HTML, what stands between backticks in type of one width."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text))))


def css_string(text: str) -> Markup:
    """Return text as a string of CSS: whatever is no letter or digit is written by its number."""
    safe = "".join(char if char.isalnum() else f"\\{ord(char):06x}" for char in text)
    return Markup(f'"{safe}"')


@cache
def templates() -> Environment:
    """Return the templates; everything that comes from a study is escaped."""
    found = Environment(
        loader=PackageLoader("adenoscope.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters["code"] = code
    found.filters["css_string"] = css_string
    found.filters["grouped"] = grouped
    found.filters["first_upper"] = first_upper
    return found

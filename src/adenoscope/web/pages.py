"""Pages from templates, in the reader's language and theme."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from adenoscope.report.numbers import grouped
from adenoscope.web.modules import modules_of
from adenoscope.web.site import Site, site_of
from adenoscope.web.words import NAMES, Languages

LANGUAGE, THEME = "language", "theme"  # cookies, set by the page's own switches
THEMES = ("light", "dark")


def page(request: Request, template: str, *, status: int = 200, **shown: Any) -> HTMLResponse:
    """Return a page; ``shown`` is what its template names, and JSON for its script under ``data``."""
    site = site_of(request)
    language = language_of(request, site)
    theme = request.cookies.get(THEME, "")
    words = {
        "language": language,
        "languages": NAMES,
        "theme": theme if theme in THEMES else "",
        "words": _json(site.languages.script_words(language)),
        "path": request.url.path,
        "folder": site.folder.name,
        "modules_of": modules_of,
        **shown,
        "data": _json(shown.get("data")),
    }
    return HTMLResponse(_environment(language, site.languages).get_template(template).render(words), status)


def language_of(request: Request, site: Site) -> str:
    """Return the code of the language that a request is answered in."""
    return site.languages.chosen(request.cookies.get(LANGUAGE), request.headers.get("accept-language", ""))


def _json(document: Any) -> Markup:
    """Return JSON that may stand inside a ``<script>`` element."""
    text = json.dumps(document, ensure_ascii=False, allow_nan=False)
    return Markup(text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029"))


@cache
def _templates() -> PackageLoader:
    return PackageLoader("adenoscope.web")


_ENVIRONMENTS: dict[tuple[str, int], Environment] = {}


def _environment(language: str, languages: Languages) -> Environment:
    key = (language, id(languages))
    if key not in _ENVIRONMENTS:
        made = Environment(
            loader=_templates(),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            extensions=["jinja2.ext.i18n"],
        )
        made.filters["grouped"] = grouped
        catalogue = languages.catalogues[language]
        made.install_gettext_translations(catalogue, newstyle=True)  # type: ignore[attr-defined]
        _ENVIRONMENTS[key] = made
    return _ENVIRONMENTS[key]

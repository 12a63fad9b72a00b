"""The page's languages: gettext catalogues, and which of them a request asks for."""

from __future__ import annotations

import gettext
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DOMAIN, SOURCE = "adenoscope", "en"
LOCALE = Path(__file__).parent / "locale"
NAMES = {"en": "English", "zh": "中文"}


@dataclass(frozen=True)
class Languages:
    """Catalogues by the code of their language; the source's has no words of its own."""

    catalogues: Mapping[str, gettext.NullTranslations]

    @classmethod
    def shipped(cls) -> Languages:
        """Return the languages that the package ships."""
        others = [code for code in NAMES if code != SOURCE]
        found = {code: gettext.translation(DOMAIN, LOCALE, [code]) for code in others}
        return cls({SOURCE: gettext.NullTranslations(), **found})

    def chosen(self, cookie: str | None, accepted: str) -> str:
        """Return the language remembered in a cookie, else the first that the browser accepts, else English."""
        if cookie in self.catalogues:
            return str(cookie)
        for entry in accepted.lower().split(","):
            code = entry.split(";")[0].strip().split("-")[0]
            if code in self.catalogues:
                return code
        return SOURCE

    def script_words(self, language: str) -> dict[str, str]:
        """Return every sentence of a language by its English one, for the scripts of a page."""
        if language == SOURCE:
            return {}
        catalogue: dict[Any, str] = getattr(self.catalogues[language], "_catalog", {})
        return {said: meant for said, meant in catalogue.items() if isinstance(said, str) and said}

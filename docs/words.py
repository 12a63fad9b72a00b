"""Collect the page's sentences into its catalogues of words, and compile what has been translated.

Run with ``uv run python docs/words.py`` after a change of templates or scripts; then translate what it lists in
``src/adenoscope/web/locale/*/LC_MESSAGES/adenoscope.po`` and run it again.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

WEB = Path(__file__).parents[1] / "src" / "adenoscope" / "web"
NO_DATE = datetime(2026, 1, 1, tzinfo=UTC)  # the same words are the same bytes
METHODS = [
    ("**/vendor/**", "ignore"),
    ("templates/**.html", "jinja2.ext:babel_extract"),
    ("static/js/**.js", "javascript"),
]


def main() -> None:
    sentences = collected()
    for path in catalogue_files():
        found = merged(path, sentences)
        path.write_bytes(po_bytes(found))
        path.with_suffix(".mo").write_bytes(mo_bytes(found))
        for message in untranslated(found):
            print(f"{path.parent.parent.name}: {message}")


def catalogue_files() -> list[Path]:
    """Return the catalogues, one for each language but the source's."""
    return sorted(WEB.glob("locale/*/LC_MESSAGES/adenoscope.po"))


def collected() -> dict[str, list[tuple[str, int]]]:
    """Return every sentence of templates and scripts with where it stands."""
    found: dict[str, list[tuple[str, int]]] = {}
    options = {"templates/**.html": {"trimmed": "true", "silent": "false"}}
    extracted = extract_from_dir(str(WEB), METHODS, options, keywords={"_": None, "gettext": None}, comment_tags=())
    for file, line, message, *_ in extracted:
        found.setdefault(str(message), []).append((Path(file).as_posix(), line))
    return found


def merged(path: Path, sentences: dict[str, list[tuple[str, int]]]) -> Catalog:
    """Return a catalogue with exactly ``sentences``, translated where it was before."""
    with path.open("rb") as file:
        before = read_po(file)
    after = Catalog(locale=before.locale)
    for message in sorted(sentences):
        known = before.get(message)
        places = [(file, None) for file in sorted({file for file, _ in sentences[message]})]
        after.add(message, known.string if known else "", locations=places)
    return after


def untranslated(catalogue: Catalog) -> Iterator[str]:
    """Yield the sentences that a catalogue has no words for."""
    yield from (str(message.id) for message in catalogue if message.id and not message.string)


def po_bytes(catalogue: Catalog) -> bytes:
    """Return a catalogue as text, the same bytes for the same words."""
    out = io.BytesIO()
    write_po(out, catalogue, width=110, omit_header=True, include_lineno=False)
    header = '# Words of the page; collected by docs/words.py.\nmsgid ""\nmsgstr ""\n'
    header += f'"Language: {catalogue.locale}\\n"\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'
    return header.encode() + out.getvalue().strip() + b"\n"


def mo_bytes(catalogue: Catalog) -> bytes:
    """Return a catalogue as gettext reads it, the same bytes for the same words."""
    out = io.BytesIO()
    bare = Catalog(locale=catalogue.locale, creation_date=NO_DATE, revision_date=NO_DATE)
    for message in catalogue:
        if message.id and message.string:
            bare.add(message.id, message.string)
    write_mo(out, bare)
    return out.getvalue()


if __name__ == "__main__":
    main()

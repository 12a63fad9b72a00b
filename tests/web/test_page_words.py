"""Every sentence of the page has its words in every language; what is compiled is what stands in the catalogue."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest
from babel.messages.pofile import read_po
from fastapi.testclient import TestClient

from adenoscope.studies.hypoxia.tables import RESEARCH

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def collector() -> ModuleType:
    spec = importlib.util.spec_from_file_location("words", ROOT / "docs" / "words.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_sentence_is_translated_and_nothing_else_is_kept(collector: ModuleType) -> None:
    sentences = collector.collected()
    for path in collector.catalogue_files():
        with path.open("rb") as file:
            catalogue = read_po(file)
        translated = {str(message.id) for message in catalogue if message.id and message.string}
        assert translated == set(sentences), f"{path}: run docs/words.py, and translate what it lists"


def test_the_compiled_words_are_those_of_the_catalogue(collector: ModuleType) -> None:
    for path in collector.catalogue_files():
        with path.open("rb") as file:
            assert path.with_suffix(".mo").read_bytes() == collector.mo_bytes(read_po(file))


def test_a_translation_fills_in_what_its_sentence_does(collector: ModuleType) -> None:
    for path in collector.catalogue_files():
        with path.open("rb") as file:
            for message in read_po(file):
                filled = [
                    sorted(re.findall(r"\{\w+\}|%\(\w+\)s", str(text))) for text in (message.id, message.string)
                ]
                assert filled[0] == filled[1], f"{path}: {message.id}"


def test_the_language_is_the_remembered_one_else_the_browsers(client: TestClient) -> None:
    assert "研究" in client.get("/", headers={"accept-language": "zh-CN,zh;q=0.9,en;q=0.8"}).text
    assert "Studies" in client.get("/", headers={"accept-language": "fr"}).text
    client.cookies.set("language", "zh")
    assert "研究" in client.get("/", headers={"accept-language": "en"}).text


def test_what_hypoxia_in_the_page_is_not_for_is_said_in_every_language(collector: ModuleType) -> None:
    assert RESEARCH in collector.collected()  # it comes as data, and is looked up by its very words

"""Results come back from their file as the records that they were written from, or are refused with a reason."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from finished_study import a_result, write_files

from adenoscope.core.errors import InputError
from adenoscope.io.results import results_document
from adenoscope.web.findings.read import read_results


def test_what_was_written_is_read_back(tmp_path: Path) -> None:
    result = a_result(write_files(tmp_path))
    text = json.dumps(results_document(result)).encode()
    found = read_results(text, result.study.folder)
    assert results_document(found) == results_document(result)
    assert found.verdicts[0].reference == result.contrasts[0]
    assert found.verdicts[0].residual == result.contrasts[1]
    assert found.doses[0].ed50 is not None
    assert found.doses[0].ed50.high == math.inf


def _with(place: tuple[Any, ...], value: Any) -> Callable[[dict[str, Any]], None]:
    def change(document: dict[str, Any]) -> None:
        inside: Any = document
        for key in place[:-1]:
            inside = inside[key]
        inside[place[-1]] = value

    return change


@pytest.mark.parametrize(
    "change",
    [
        _with(("contrasts", 0, "difference", "estimate"), 1e300),
        _with(("contrasts", 0, "difference", "estimate"), math.nan),
        _with(("contrasts", 0, "difference", "low"), 5.0),
        _with(("contrasts", 0, "treated", 0, "value"), "0.1"),
        _with(("contrasts", 0, "treated"), {}),
        _with(("necessity", 0, "verdict"), "proven"),
        _with(("recordings", 0, "status"), "<b>estimated</b>"),
        _with(("recordings", 0, "session"), "a" * 5000),
        _with(("schema_version",), 2),
        _with(("study",), None),
        _with(("recordings",), [[]]),
    ],
)
def test_a_document_of_another_form_is_refused_with_the_place(
    tmp_path: Path, change: Callable[[dict[str, Any]], None]
) -> None:
    document = json.loads(json.dumps(results_document(a_result(write_files(tmp_path)))))
    change(document)
    with pytest.raises(InputError) as refusal:
        read_results(json.dumps(document).encode(), tmp_path)
    assert all("run the study again" in problem.remedy for problem in refusal.value.problems)
    assert len(str(refusal.value)) < 5000


@pytest.mark.parametrize("text", [b"", b"{", b"[]", b"\xff\xfe", b"[" * 100_000, b'{"a": 1' + b"0" * 100_000 + b"}"])
def test_what_is_no_document_is_refused(tmp_path: Path, text: bytes) -> None:
    with pytest.raises(InputError):
        read_results(text, tmp_path)

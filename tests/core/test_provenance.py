"""Digests are those of the standard, and the commit is the package's own or none."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from adenoscope.core import provenance
from adenoscope.core.provenance import fingerprint, sha256_of, software


def test_a_digest_is_that_of_the_whole_file(tmp_path: Path) -> None:
    content = bytes(range(256)) * 20_000
    (tmp_path / "a").write_bytes(content)
    assert sha256_of(tmp_path / "a") == hashlib.sha256(content).hexdigest()


def test_a_directory_changes_its_digest_with_any_file_in_it(tmp_path: Path) -> None:
    tank = tmp_path / "tank"
    (tank / "deep").mkdir(parents=True)
    (tank / "deep" / "a.tsq").write_bytes(b"one")
    before = fingerprint(tank, tmp_path)
    (tank / "deep" / "a.tsq").write_bytes(b"two")
    after = fingerprint(tank, tmp_path)
    assert (before.path, before.bytes) == ("tank", 3)
    assert before.sha256 != after.sha256


def test_a_commit_of_another_repository_is_never_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "adenoscope"
    package.mkdir()
    (package / "__init__.py").touch()
    monkeypatch.setattr(provenance.adenoscope, "__file__", str(package / "__init__.py"))
    software.cache_clear()
    assert software().commit == ""
    software.cache_clear()

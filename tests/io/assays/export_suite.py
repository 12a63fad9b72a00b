"""What every reader of exports owes: a class for each layout inherits these tests and gives its rows."""

from __future__ import annotations

import contextlib
import hashlib
import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from adenoscope.core.behaviour_record import Events, Measures, Record, Track
from adenoscope.core.errors import InputError
from adenoscope.io.assays.read import read_export
from behaviour_exports import Rows, as_text, write_text

FILE = "export.csv"


def read(path: Path, form: str = "") -> tuple[Record, ...]:
    return read_export(path, path.name, form)


def flat(records: Sequence[Record]) -> list[object]:
    """All that records hold, as plain values that compare equal where they are; a NaN as a word."""
    found: list[object] = []
    for record in records:
        found += [record.origin.names, record.origin.place]
        if isinstance(record, Events):
            found += [record.bouts, record.length_s]
        elif isinstance(record, Track):
            arrays = [record.time, record.x, record.y, record.likelihood, record.moved, *record.immobile.values()]
            found += [np.nan_to_num(a, nan=-999.0).tolist() for a in arrays if a is not None]
        else:
            found += [{name: str(m) for name, m in record.measures.items()}, record.spans_s]
    return found


def refused(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        read(path)
    for problem in caught.value.problems:
        assert problem.file.startswith(path.name)
        assert problem.found
        assert problem.allowed
        assert problem.remedy
    return str(caught.value)


class ExportSuite:
    """Give ``rows()``, and what is known of the records as class attributes."""

    form: str
    kind: type
    names: tuple[tuple[str, ...], ...]
    has_decimals = True

    @staticmethod
    def rows() -> Rows:
        raise NotImplementedError

    @pytest.fixture
    def path(self, tmp_path: Path) -> Path:
        return write_text(tmp_path / FILE, self.rows())

    @pytest.fixture
    def records(self, path: Path) -> tuple[Record, ...]:
        return read(path)

    def test_the_format_is_found(self, path, records):
        assert flat(records) == flat(read(path, self.form))

    def test_every_record_is_of_the_kind_and_goes_by_its_names(self, records):
        assert all(isinstance(record, self.kind) for record in records)
        assert tuple(record.origin.names for record in records) == self.names

    def test_clocks_increase_bouts_end_after_they_start_and_measures_are_numbers(self, records):
        for record in records:
            if isinstance(record, Track):
                assert (np.diff(record.time) > 0).all()
                assert record.time.shape == record.x.shape == record.y.shape
            elif isinstance(record, Events):
                assert all(bout.stop_s >= bout.start_s for bout in record.bouts)
            else:
                assert isinstance(record, Measures)
                assert all(isinstance(v, float) for m in record.measures.values() for v in m.values)

    def test_reading_leaves_the_file_as_it_was(self, path):
        before = hashlib.sha256(path.read_bytes()).hexdigest()
        read(path)
        assert hashlib.sha256(path.read_bytes()).hexdigest() == before

    @pytest.mark.parametrize("separator", [";", "\t"])
    @pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
    def test_separators_and_encodings_of_the_programs_read_the_same(self, tmp_path, records, separator, encoding):
        path = write_text(tmp_path / "other.txt", self.rows(), separator, encoding)
        assert flat(read(path)) == flat(records)

    def test_decimal_commas_between_semicolons_read_the_same(self, tmp_path, records):
        path = write_text(tmp_path / "german.csv", _german(self.rows()), ";")
        assert flat(read(path)) == flat(records)

    def test_decimal_commas_between_commas_are_refused(self, tmp_path):
        if self.has_decimals:
            path = tmp_path / FILE
            path.write_text("\n".join(",".join(row) for row in _german(self.rows())), encoding="utf-8")
            assert "row" in refused(path)

    def test_windows_line_ends_read_the_same(self, tmp_path, records):
        path = tmp_path / "dos.csv"
        path.write_bytes(as_text(self.rows()).replace("\n", "\r\n").encode())
        assert flat(read(path)) == flat(records)

    def test_an_empty_file_is_refused(self, tmp_path):
        (tmp_path / FILE).write_bytes(b"\n")
        assert "empty" in refused(tmp_path / FILE)

    def test_binary_data_are_refused(self, tmp_path):
        (tmp_path / FILE).write_bytes(bytes(random.Random(1).randbytes(4000)))
        assert "binary" in refused(tmp_path / FILE)

    def test_a_header_without_rows_is_refused(self, tmp_path):
        header = len(self.rows()) - self.n_data()
        assert "header and no rows" in refused(write_text(tmp_path / FILE, self.rows()[:header]))

    def test_a_file_cut_short_within_a_row_is_refused(self, path):
        text = path.read_text(encoding="utf-8")
        path.write_text(text[: text.rstrip("\n").rindex("\n") + 2], encoding="utf-8")
        assert "cells" in refused(path)

    def test_bars_between_columns_are_refused(self, tmp_path):
        assert "remedy" in refused(write_text(tmp_path / FILE, self.rows(), "|"))

    def test_a_directory_and_a_missing_file_are_refused(self, tmp_path):
        (tmp_path / "folder").mkdir()
        assert "a directory" in refused(tmp_path / "folder")
        assert "no such file" in refused(tmp_path / "missing.csv")

    def test_damaged_bytes_raise_nothing_but_what_a_user_can_mend(self, path):
        good, dice = path.read_bytes(), random.Random(2)
        for _ in range(60):
            raw = bytearray(good)
            for _ in range(dice.randint(1, 6)):
                raw[dice.randrange(len(raw))] = dice.choice(b'\x00\xff",;\t\n-0aZ')
            path.write_bytes(bytes(raw[: dice.randint(1, len(raw))]))
            with contextlib.suppress(InputError):
                read(path)

    def n_data(self) -> int:
        """How many rows at the end are data."""
        return sum(1 for row in self.rows() if any(_is_number(cell) for cell in row)) - self.numbers_in_header

    numbers_in_header = 0


def _is_number(cell: str) -> bool:
    return cell.replace(".", "", 1).isdigit()


def _german(rows: Rows) -> list[list[str]]:
    return [[cell.replace(".", ",") if _is_number(cell) else cell for cell in row] for row in rows]

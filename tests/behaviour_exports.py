"""Exports as the programs lay them out, small: rows of cells, and how to write them as text or as a workbook."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

Rows = Sequence[Sequence[str]]

_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def as_text(rows: Rows, separator: str = ",") -> str:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=separator, lineterminator="\n").writerows(rows)
    return buffer.getvalue()


def write_text(path: Path, rows: Rows, separator: str = ",", encoding: str = "utf-8") -> Path:
    path.write_bytes(as_text(rows, separator).encode(encoding))
    return path


def _column(index: int) -> str:
    return (chr(64 + index // 26) if index >= 26 else "") + chr(65 + index % 26)


def _cell(row: int, column: int, text: str) -> str:
    place = f"{_column(column)}{row}"
    try:
        float(text)
    except ValueError:
        return f'<c r="{place}" t="inlineStr"><is><t>{escape(text)}</t></is></c>'
    return f'<c r="{place}"><v>{text}</v></c>'


def write_workbook(path: Path, sheets: Mapping[str, Rows]) -> Path:
    """Write the least that is an Excel workbook, numbers as numbers."""
    names = list(sheets)
    with zipfile.ZipFile(path, "w") as book:
        kinds = "".join(
            f'<Override PartName="/xl/worksheets/sheet{n}.xml" '
            f'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
            for n in range(1, len(names) + 1)
        )
        book.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.'
            f'spreadsheetml.sheet.main+xml"/>{kinds}</Types>',
        )
        book.writestr("_rels/.rels", _links([("officeDocument", "xl/workbook.xml")]))
        listed = "".join(f'<sheet name="{escape(s)}" sheetId="{n}" r:id="rId{n}"/>' for n, s in enumerate(names, 1))
        head = f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}">'
        book.writestr("xl/workbook.xml", f"{head}<sheets>{listed}</sheets></workbook>")
        targets = [("worksheet", f"worksheets/sheet{n}.xml") for n in range(1, len(names) + 1)]
        book.writestr("xl/_rels/workbook.xml.rels", _links(targets))
        for n, name in enumerate(names, 1):
            lines = "".join(
                f'<row r="{r}">{"".join(_cell(r, c, t) for c, t in enumerate(row) if t)}</row>'
                for r, row in enumerate(sheets[name], 1)
            )
            content = f'<worksheet xmlns="{_MAIN}"><sheetData>{lines}</sheetData></worksheet>'
            book.writestr(f"xl/worksheets/sheet{n}.xml", content)
    return path


def _links(targets: Sequence[tuple[str, str]]) -> str:
    items = "".join(
        f'<Relationship Id="rId{n}" Type="{_RELATIONS}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{items}</Relationships>'


def boris_tabular_7(bouts: Sequence[tuple[str, float, float]] = (("immobile", 130.5, 190.25),)) -> Rows:
    """The tabular export of version 7: lines about the observation, then edges in the order of time."""
    edges = sorted(
        (time, name, edge) for name, *times in bouts for edge, time in zip(("START", "STOP"), times, strict=True)
    )
    head = [["Observation id", "m1 day 2"], [], ["Media file(s)"], [], ["Player #1", "m1.avi"], []]
    names = ["Time", "Media file path", "Total length", "FPS", "Subject", "Behavior", "Behavioral category"]
    rows = [*head, ["independent variables"], ["variable", "value"], ["box", "3"], [], [*names, "Comment", "Status"]]
    rows += [[f"{time:.3f}", "m1.avi", "400.000", "25.0", "", name, "", "", edge] for time, name, edge in edges]
    return [[*row, *[""] * (9 - len(row))] for row in rows]


def boris_tabular_8() -> Rows:
    """The tabular export of version 8: the observation in every row, START and STOP as the behaviour's type."""
    head = ["Observation id", "Observation date", "Media duration (s)", "FPS", "Subject", "Behavior"]
    rows = [[*head, "Behavioral category", "Modifier #1", "Behavior type", "Time", "Comment"]]
    for time, name, edge in ((10.5, "eat", "START"), (12.25, "rear", "POINT"), (13.5, "eat", "STOP")):
        rows.append(["nsf m1", "2026-01-02 10:00:00", "600.040", "25.0", "m1", name, "", "", edge, f"{time:.3f}", ""])
    return rows


def boris_aggregated() -> Rows:
    """The aggregated export, of two observations in one file."""
    head = ["Observation id", "Observation date", "Total length", "FPS", "Subject", "Behavior", "Modifiers"]
    rows = [[*head, "Behavior type", "Start (s)", "Stop (s)", "Duration (s)", "Comment start", "Comment stop"]]
    told = (("m1", "immobile", 120.5, 150.0), ("m1", "swim", 150.0, 170.25), ("m2", "immobile", 200.25, 260.5))
    for name, behaviour, start, stop in told:
        times = [f"{start:.3f}", f"{stop:.3f}", f"{stop - start:.3f}", "", ""]
        rows.append([name, "2026-01-02", "360.000", "25.0", "No focal subject", behaviour, "", "STATE", *times])
    rows.append(
        ["m2", "2026-01-02", "360.000", "25.0", "No focal subject", "dive", "", "POINT", "20.5", "20.5", "NA", "", ""]
    )
    return rows


def ethovision_track(subject: str = "m1", lost: Sequence[int] = (7, 8), samples: int = 100) -> Rows:
    """Raw data at 10 Hz: 0.5 cm a sample along x, immobile in the second half."""
    facts = [
        ["Experiment", "Open field"],
        ["Trial name", "Trial     1"],
        ["Arena name", "Arena 1"],
        ["Subject name", "Subject 1"],
        ["Animal ID", subject],
        ["Treatment", "ketamine"],
        [],
    ]
    names = ["Trial time", "Recording time", "X center", "Y center", "Area", "Distance moved", "Velocity"]
    states = ["Mobility state(Mobile)", "Mobility state(Immobile)"]
    units = ["s", "s", "cm", "cm", "cm²", "cm", "cm/s", "", ""]
    rows: list[list[str]] = [["Number of header lines:", str(len(facts) + 3)], *facts, [*names, *states], units]
    for i in range(samples):
        still = int(i > samples // 2)
        x = 0.5 * min(i, samples // 2)
        cells = [f"{x:.2f}", "1.25", "9.5", "-" if i == 0 else f"{0.5 * (1 - still):.2f}", f"{5.0 * (1 - still):.2f}"]
        seen = [*cells, str(1 - still), str(still)]
        rows.append([f"{0.1 * i + 2:.2f}", f"{0.1 * i:.2f}", *(["-"] * 7 if i in lost else seen)])
    return [[*row, ""] for row in rows]  # every line ends with a separator


def ethovision_statistics() -> Rows:
    """Statistics under four header rows; a heading that is shared stands once."""
    return [
        ["", "", "Independent Variable", "Distance moved", "Mobility state", "", "In zone", ""],
        ["", "", "Animal ID", "Center-point", "Immobile", "", "Food / Center-point", ""],
        ["", "", "", "Total", "Cumulative Duration", "Frequency", "Latency to First", "Frequency"],
        ["", "", "", "cm", "s", "", "s", ""],
        ["Trial     1", "Arena 1", "m1", "2512.5", "131.25", "12", "45.5", "3"],
        ["Trial     2", "Arena 1", "m2", "1875.25", "160.5", "15", "-", "0"],
    ]


def anymaze_tests() -> Rows:
    return [
        ["Test", "Animal", "Treatment", "Stage", "Total distance travelled (m)", "Total time immobile (s)", "Notes"],
        ["1", "m1", "ketamine", "Pretest", "21.5", "201.25", "calm"],
        ["2", "m1", "ketamine", "Test", "25.5", "101.25", "calm"],
        ["3", "m2", "saline", "Test", "22.5", "151.5", ""],
    ]


def anymaze_segments() -> Rows:
    rows = [["Test", "Animal", "Treatment", "Segment of test", "Distance", "Time immobile (s)"]]
    for test, animal in (("1", "m1"), ("2", "m2")):
        for start in (0, 120, 240):
            amount = [f"{start / 100 + 1.5:.2f}", f"{start / 4 + 10.5:.2f}"]
            rows.append([test, animal, "saline", f"{start} - {start + 120} secs.", *amount])
    return rows


def deeplabcut(individuals: Sequence[str] = (), frames: int = 60) -> Rows:
    """Two body parts at 3 px a frame along x; frame 20 is unlikely."""
    parts, coords = ("nose", "tailbase"), ("x", "y", "likelihood")
    animals = individuals or ("",)
    keys = [(animal, part, coord) for animal in animals for part in parts for coord in coords]
    rows = [["scorer", *["DLC_resnet50_fstJan1shuffle1_100000"] * len(keys)]]
    if individuals:
        rows.append(["individuals", *(key[0] for key in keys)])
    rows += [["bodyparts", *(key[1] for key in keys)], ["coords", *(key[2] for key in keys)]]
    for frame in range(frames):
        cells = {"x": f"{100.5 + 3 * frame}", "y": "50.25", "likelihood": "0.1" if frame == 20 else "0.99"}
        rows.append([str(frame), *(cells[key[2]] for key in keys)])
    return rows


def intake() -> Rows:
    return [["animal", "sucrose_g", "water_g"], ["m1", "7.5", "2.5"], ["m2", "5.25", "5.25"]]


def weighed() -> Rows:
    head = ["animal", "day", "sucrose_start_g", "sucrose_end_g", "water_start_g", "water_end_g"]
    first = ["m1", "1", "150.5", "145.5", "150.5", "148.5"]
    return [
        head,
        first,
        ["m1", "2", "150.5", "148.0", "150.5", "150.0"],
        ["m2", "1", "150.5", "148.5", "150.5", "148.5"],
    ]

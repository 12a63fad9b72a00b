"""Files that a reader takes away: figures, their data and protocols, under names that say what they hold."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import quote

import numpy as np
from fastapi.responses import Response

if TYPE_CHECKING:  # the server itself draws nothing, and never loads what draws
    from matplotlib.figure import Figure

FigureKind = Literal["svg", "png"]
Kind = Literal["svg", "png", "csv", "toml"]
MEDIA = {"svg": "image/svg+xml", "png": "image/png", "csv": "text/csv; charset=utf-8", "toml": "application/toml"}
MOST_LETTERS = 120
DPI = 200
SIMULATED = "simulated"


def download(content: bytes | str, kind: Kind, *parts: str, synthetic: bool = False) -> Response:
    """Return an answer that a browser saves under a name made of ``parts``; simulated data say so in it."""
    name = file_name(kind, SIMULATED if synthetic else "", *parts)
    plain = re.sub(r"[^\x20-\x7e]", "_", name).replace('"', "_")
    headers = {"content-disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"}
    body = content.encode() if isinstance(content, str) else content
    return Response(body, media_type=MEDIA[kind], headers=headers)


def file_name(kind: Kind, *parts: str) -> str:
    """Return a name for a file without blanks, or anything that some system does not allow in one."""
    words = (re.sub(r"[^\w.+-]+", "-", part).strip("-.") for part in parts)
    stem = "_".join(word for word in words if word)[:MOST_LETTERS].rstrip("-._") or "adenoscope"
    return f"{stem}.{kind}"


def table(columns: Mapping[str, Sequence[Any] | np.ndarray]) -> str:
    """Return columns of one length as CSV; a number keeps what distinguishes it, one that is lost is empty.

    A text that a spreadsheet would take for a formula is led by an apostrophe.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(zip(*(map(_cell, values) for values in columns.values()), strict=True))
    return out.getvalue()


def drawn(figure: Figure, kind: FigureKind) -> bytes:
    """Return a figure as a file; to be called in the process of science, which draws."""
    if kind == "svg":
        from adenoscope.report.svg import standalone_svg

        return standalone_svg(figure).encode()
    out = io.BytesIO()
    figure.savefig(out, format="png", dpi=DPI, facecolor="white")
    return out.getvalue()


def command(*words: str | Path) -> str:
    """Return a command line as a shell takes it."""
    import shlex

    return shlex.join(["adenoscope", *map(str, words)])


def _cell(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, bool | str):
        text = str(value)
        return f"'{text}" if text[:1] in {"=", "+", "@", "\t", "\r"} else text
    number = float(value)
    return "" if not np.isfinite(number) else f"{number:.9g}"

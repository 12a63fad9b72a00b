"""One session's answer as NWB objects: the response curve, the estimands, and where they came from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from adenoscope.core.interval import Interval
from adenoscope.core.recording import Samples
from adenoscope.core.response import Curve
from adenoscope.core.result import InputFile, SessionResult, Software
from adenoscope.core.study import Session, Study
from adenoscope.io.nwb.names import NOT_RECORDED

_MEANING = "ΔF/F as a fraction of the baseline before the intervention, caused by the intervention"
_EXACT_S = 1e-9
"""A clock is stored as start and rate only where that gives every timestamp back to the nanosecond."""

_Row = tuple[str, Interval, str]


def clock(time_s: Samples) -> dict[str, Any]:
    """Return how NWB should store ``time_s`` [s]: start and rate where sampling is even, else timestamps."""
    rate = (len(time_s) - 1) / float(time_s[-1] - time_s[0]) if len(time_s) > 1 else 0.0
    if rate and np.abs(time_s[0] + np.arange(len(time_s)) / rate - time_s).max() <= _EXACT_S:
        return {"starting_time": float(time_s[0]), "rate": rate}
    return {"timestamps": time_s}


def curve_series(curve: Curve, onset_s: float) -> list[Any]:
    """Return ΔF/F and its band as three series on the recording's clock, where ``onset_s`` is 0 [s]."""
    from pynwb import TimeSeries

    parts = {
        "dff": (curve.dff, f"{_MEANING}."),
        "dff_low": (curve.dff_low, f"Lower bound of the pointwise 95 % band of {_MEANING}."),
        "dff_high": (curve.dff_high, f"Upper bound of the pointwise 95 % band of {_MEANING}."),
    }
    times = clock(onset_s + curve.time_s)
    return [
        TimeSeries(name=name, data=data, unit="fraction", description=text, **times)
        for name, (data, text) in parts.items()
    ]


def estimand_table(result: SessionResult) -> Any:
    """Return the estimands, one row each with its interval and unit; what is not claimed has no row."""
    from pynwb.core import DynamicTable

    table = DynamicTable(
        name="estimands",
        description="The response in numbers, with intervals. Times count from the intervention. "
        "A quantity of which no claim is made has no row; a threshold has no interval (NaN).",
    )
    for column, text in (
        ("quantity", "Name of the estimand."),
        ("estimate", "Point estimate."),
        ("low", "Lower bound of the interval."),
        ("high", "Upper bound of the interval."),
        ("ci_prob", "Probability that the interval is made for."),
        ("unit", "Unit of the estimate and its bounds."),
    ):
        table.add_column(column, text)
    for quantity, interval, unit in _estimands(result):
        table.add_row(quantity=quantity, unit=unit, **asdict(interval))
    minimum = result.response.estimands and result.response.estimands.minimum_detectable_dff
    if minimum is not None:
        nan = np.nan
        table.add_row(
            quantity="minimum_detectable_dff",
            estimate=minimum,
            low=nan,
            high=nan,
            ci_prob=nan,
            unit="fraction",
        )
    return table


def _estimands(result: SessionResult) -> Iterator[_Row]:
    estimands = result.response.estimands
    if estimands is not None:
        window = "[{:g}, {:g}] s".format(*estimands.window_s)
        claims = (
            (f"mean_dff over {window}", estimands.mean_dff, "fraction"),
            (f"auc_dff_s over {window}", estimands.auc_dff_s, "s"),
            ("peak_dff", estimands.peak_dff, "fraction"),
            ("time_to_peak_s", estimands.time_to_peak_s, "s"),
            ("onset_s", estimands.onset_s, "s"),
            ("half_decay_s", estimands.half_decay_s, "s"),
            ("placebo_dff", estimands.placebo_dff, "fraction"),
        )
        yield from ((name, value, unit) for name, value, unit in claims if value is not None)
    if result.response.control.kappa is not None:
        yield "kappa", result.response.control.kappa, "1"
    if result.adenosine.nanomolar is not None:
        yield "peak_adenosine", result.adenosine.nanomolar, "nM"


def provenance_table(
    study: Study, result: SessionResult, software: Software, inputs: Sequence[InputFile], notes: Sequence[str]
) -> Any:
    """Return everything the answer rests on, as rows of item and value."""
    from pynwb.core import DynamicTable

    table = DynamicTable(
        name="provenance",
        description="What computed the response, from which files, with which settings, and its verdicts.",
    )
    table.add_column("item", "What the row is about.")
    table.add_column("value", f"Its value as text; '{NOT_RECORDED}' where nothing is known.")
    for item, value in _provenance(study, result, software, inputs, notes):
        table.add_row(item=item, value=value or NOT_RECORDED)
    return table


def _provenance(
    study: Study, result: SessionResult, software: Software, inputs: Sequence[InputFile], notes: Sequence[str]
) -> Iterator[tuple[str, str]]:
    response, adenosine = result.response, result.adenosine
    yield "software", f"{software.name} {software.version}"
    yield "commit", software.commit
    yield "study", study.name
    yield "sensor", study.sensor
    yield "vehicle", study.vehicle
    yield "synthetic", "yes: simulated, not measured" if study.synthetic else "no"
    yield from ((f"input {file.path}", f"sha256 {file.sha256}, {file.bytes} bytes") for file in inputs)
    yield from ((f"setting {name}", str(value)) for name, value in asdict(study.settings).items())
    yield from ((f"session {name}", value) for name, value in _session_facts(result.session))
    yield "recording format", result.facts.format
    yield from ((f"recording note {n}", note) for n, note in enumerate(notes, start=1))
    yield "status", response.status
    yield "reason", response.reason or "none"
    yield "control verdict", response.control.verdict
    yield "control reason", response.control.reason
    yield from ((f"caution {n}", text) for n, text in enumerate(response.cautions, start=1))
    yield "adenosine identified", "yes" if adenosine.identified else "no"
    yield "adenosine reason", adenosine.reason
    yield from ((f"assumed {name}", value) for name, value in adenosine.assumed)


def _session_facts(session: Session) -> Iterator[tuple[str, str]]:
    """Yield what the study says of the session; the recording by its name, which is the same everywhere."""
    facts = {**asdict(session), "recording": session.recording.name}
    yield from ((name, str(value)) for name, value in facts.items() if value not in ("", None))

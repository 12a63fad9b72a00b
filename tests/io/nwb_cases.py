"""A session with an answer, for the tests of NWB: every field filled, nothing measured."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from adenoscope.core.interval import Interval
from adenoscope.core.recording import Recording, Trace
from adenoscope.core.response import Adenosine, Control, Curve, Estimands, Response
from adenoscope.core.result import InputFile, RecordingFacts, SessionResult, Software
from adenoscope.core.study import Session, Study

SOFTWARE = Software("adenoscope", "0.1.0", "0123abc")
INPUTS = (InputFile("recordings/a.csv", "ab" * 32, 1234),)
SESSION = Session("s1", "m1", "ketamine", Path("recordings/a.csv"), (60.0,), 10.0, "mg/kg", "mPFC", sex="F")
STUDY = Study(Path("study"), "Ketamine and A1", "GRAB_Ado1.0", "saline", sessions=(SESSION,))


def recording(seed: int = 1, n: int = 600) -> Recording:
    """A jittered clock that does not start at 0, an even one, lost samples, and a digital line."""
    rng = np.random.default_rng(seed)
    even = 12.5 + np.arange(n) / 10
    values = 100 + rng.normal(0, 1, n)
    values[5] = np.nan
    signal = Trace("Region0/470", even + rng.uniform(0, 0.01, n), values, "Region0", 470.0, 65535.0)
    control = Trace("Region0/415", even, values / 2, "Region0", 415.0)
    return Recording(
        Path("a.csv"), "csv", (signal, control), {"Input0": np.array([15.0, 20.0])}, ("one frame was lost",)
    )


def result_of(recording: Recording, session: Session = SESSION) -> SessionResult:
    """An answer that says the same of any recording: made up, to be written and read back."""
    fraction, seconds = Interval(0.1, 0.05, 0.15), Interval(300.0, 200.0, 400.0)
    curve = Curve(np.arange(-50.0, 130.0, 10.0), *(np.full(18, level) for level in (0.1, 0.05, 0.15)))
    signal = recording.traces[0]
    facts = RecordingFacts(
        recording.format,
        signal.name,
        recording.traces[1].name if len(recording.traces) > 1 else "",
        signal.values.size,
        signal.rate_hz,
        recording.start_s,
        recording.end_s,
    )
    response = Response(
        "estimated",
        None,
        Control("usable", Interval(0.02, -0.05, 0.09), "It does not respond."),
        ("The baseline is short.",),
        Estimands((0.0, 1800.0), fraction, seconds, fraction, seconds, seconds, None, 0.02, fraction),
        curve,
    )
    adenosine = Adenosine(False, "No calibration.", Interval(100.0, 50.0, 500.0), (("EC50", "60 nM"),))
    return SessionResult(session, facts, response, adenosine)


def refused(result: SessionResult) -> SessionResult:
    response = Response("refused", "Drift hides the response.", Control("unusable", None, "It saturates."))
    return replace(result, response=response, adenosine=Adenosine(False, "No response.", None, ()))

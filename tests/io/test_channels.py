"""Which trace is the signal, the control and the blank, and what is refused rather than guessed."""

from pathlib import Path

import numpy as np
import pytest

from adenoscope.core.errors import InputError
from adenoscope.core.recording import Recording, Trace
from adenoscope.io.channels import select_channels

TIME_S = np.arange(50) / 10
VALUES = 1 + np.arange(50) % 7 / 10


def trace(name, site=None, wavelength_nm=None, values=VALUES):
    return Trace(name, TIME_S, values, site, wavelength_nm)


def recording(*traces, form="Plain CSV", source="m1.csv"):
    return Recording(Path(source), form, traces)


PLAIN = recording(trace("signal"), trace("control"), trace("temperature"))
CAMERA = recording(trace("MeanInt_410nm", None, 410), trace("MeanInt_470nm", None, 470))
NPM = recording(
    *(trace(f"{site}-{nm}", site, nm) for site in ("Region0R", "Region1G") for nm in (415, 470, 560)),
    form="Neurophotometrics",
)


def names(channels):
    return tuple(None if t is None else t.name for t in (channels.signal, channels.control, channels.blank))


@pytest.mark.parametrize(
    ("file", "fields", "expected"),
    [
        (PLAIN, {}, ("signal", None, None)),
        (PLAIN, {"control": "control"}, ("signal", "control", None)),
        (PLAIN, {"signal": "Temperature"}, ("temperature", None, None)),
        (recording(trace("light")), {}, ("light", None, None)),
        (CAMERA, {"signal": "470", "control": "405"}, ("MeanInt_470nm", "MeanInt_410nm", None)),
        (CAMERA, {"signal": "465 nm", "control": "415nm"}, ("MeanInt_470nm", "MeanInt_410nm", None)),
        (CAMERA, {"signal": "MeanInt_470nm"}, ("MeanInt_470nm", None, None)),
        (NPM, {"site": "Region1G"}, ("Region1G-470", None, None)),
        (NPM, {"site": "Region0R", "control": "415"}, ("Region0R-560", "Region0R-415", None)),
        (
            NPM,
            {"site": "region1g", "signal": "470", "control": "410"},
            ("Region1G-470", "Region1G-415", None),
        ),
        (NPM, {"signal": "Region1G-470", "control": "415"}, ("Region1G-470", "Region1G-415", None)),
        (NPM, {"signal": "Region1G-470", "control": "Region0R-560"}, ("Region1G-470", "Region0R-560", None)),
    ],
)
def test_the_session_names_its_channels(file, fields, expected):
    assert names(select_channels(file, **fields)) == expected


@pytest.mark.parametrize(
    ("file", "fields", "column", "message"),
    [
        (CAMERA, {}, "signal", r"2 channels, and the session does not say which is the signal"),
        (CAMERA, {"signal": "560"}, "signal", r"no channel '560'.*(?s:.*)MeanInt_410nm \(410 nm\)"),
        (CAMERA, {"signal": "470", "control": "470"}, "control", "the same channel"),
        (CAMERA, {"signal": "470", "site": "mPFC"}, "site", "this format names no sites"),
        (PLAIN, {"control": "415"}, "control", r"no channel '415'"),
        (NPM, {"signal": "470"}, "site", r"2 sites and the session names none(?s:.*)Region0R, Region1G"),
        (NPM, {"site": "Region5G"}, "site", r"no site 'Region5G'(?s:.*)Region0R, Region1G"),
        (
            recording(trace("a", None, 466), trace("b", None, 474)),
            {"signal": "470"},
            "signal",
            "fits a and b",
        ),
    ],
)
def test_what_the_session_does_not_say_is_not_guessed(file, fields, column, message):
    with pytest.raises(InputError, match=message) as caught:
        select_channels(file, **fields, file="sessions.csv")
    (problem,) = caught.value.problems
    assert (problem.file, problem.column) == ("sessions.csv", column)


def test_a_wavelength_is_met_within_8_nm_and_not_beyond():
    file = recording(trace("a", None, 470), trace("b", None, 560))
    assert select_channels(file, signal="478").signal.name == "a"
    with pytest.raises(InputError, match="no channel '479'"):
        select_channels(file, signal="479")


def test_the_nearer_of_two_wavelengths_is_taken():
    file = recording(trace("a", None, 405), trace("b", None, 415))
    assert select_channels(file, signal="b", control="408").control.name == "a"


def test_the_blank_is_the_channel_of_the_same_name():
    assert names(select_channels(PLAIN, blank=PLAIN))[2] == "signal"


def test_the_blank_may_have_another_name_at_the_same_site_and_wavelength():
    blank = recording(trace("other", None, 470), source="blank.csv")
    assert names(select_channels(CAMERA, signal="470", blank=blank))[2] == "other"


def test_a_blank_without_a_like_channel_is_refused():
    with pytest.raises(InputError, match=r"blank\.csv, column blank: the blank session has no channel like signal"):
        select_channels(PLAIN, blank=recording(trace("light"), source="blank.csv"))


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (np.full(50, np.nan), "every sample of the channel is missing"),
        (np.full(50, 0.0039), "the channel is constant at 0.0039"),
        (np.where(np.arange(50) % 2, np.nan, 3.0), "the channel is constant at 3"),
    ],
)
@pytest.mark.parametrize("role", ["signal", "control", "blank"])
def test_a_dead_channel_is_refused_in_every_role(role, values, message):
    dead = trace("signal", values=values)
    if role == "blank":
        file, fields = PLAIN, {"blank": recording(dead)}
    elif role == "control":
        file, fields = recording(trace("signal"), trace("control", values=values)), {"control": "control"}
    else:
        file, fields = recording(dead, trace("control")), {}
    with pytest.raises(InputError, match=message):
        select_channels(file, **fields)


def test_a_dead_channel_that_was_not_chosen_does_no_harm():
    file = recording(trace("signal"), trace("unused", values=np.full(50, np.nan)))
    assert select_channels(file).signal.name == "signal"

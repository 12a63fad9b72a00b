"""pyPhotometry ``.ppd``: a JSON header, then interleaved 16-bit words of all channels.

The two first bytes hold the length of the header (little-endian). In each word the upper 15 bits are the
analogue value and the lowest bit is the digital input of the same number. From version 1.1 a pulsed mode
stores two words for each channel, with the LED on and off, and the signal is their difference; before, the
board subtracted. The instrument writes no time: its clock is the sample's number over the sampling rate,
one time for all channels, although the LEDs of a pulsed mode flash one after another within a sample.

Source: pyPhotometry documentation, data files; github.com/pyPhotometry/code, versions 0.2 to 1.1.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from adenoscope.core.errors import input_error
from adenoscope.core.recording import Recording, Samples, Trace
from adenoscope.io.formats.opening import Opening

# Channels and whether the LEDs are pulsed, for each mode of each generation of the software.
OLD_MODES = {
    "2 colour continuous": (2, False),
    "1 colour time div.": (2, True),
    "2 colour time div.": (2, True),
}
NEW_MODES = {
    "2EX_2EM_continuous": (2, False),
    "2EX_1EM_pulsed": (2, True),
    "2EX_2EM_pulsed": (2, True),
    "3EX_2EM_pulsed": (3, True),
}
# 64 conversions of 12 bits are added and divided by 8.
ADC_MAX = 64 * 4095 // 8
CLIPPED = 0.98  # of the maximum, as the instrument's own software warns
VERSIONS = "0.2, 0.3, 1.0 or 1.1"


@dataclass(frozen=True)
class _Header:
    mode: str
    n_channels: int
    n_inputs: int
    pulsed: bool
    paired: bool
    rate_hz: float
    volts: tuple[float, ...]
    adc_max: int


def recognises(opening: Opening) -> bool:
    """Return whether the file has the suffix ``.ppd``."""
    return opening.path.suffix.lower() == ".ppd"


def read(path: Path) -> Recording:
    """Return the channels [V] as ``analog_1``, ``analog_2``, ... and the edges of the digital inputs."""
    raw = path.read_bytes()
    length = int.from_bytes(raw[:2], "little")
    header = _header(path, raw[2 : 2 + length], length)
    words = _words(path, raw[2 + length :], header)
    time_s = np.arange(len(words)) / header.rate_hz
    lost = words.max(axis=(1, 2)) == 0  # the software pads chunks lost on the way with zeros
    traces: list[Trace] = []
    notes = [f"mode {header.mode}"]
    if lost.any():
        notes.append(f"{np.count_nonzero(lost)} samples were lost on the way from the board and are missing")
    for channel in range(header.n_channels):
        name = f"analog_{channel + 1}"
        volts = _volts(words[:, channel], header, channel)
        volts[lost] = np.nan
        clipped = _clipped(words[:, channel], header)
        if clipped.any():
            volts[clipped] = np.nan
            notes.append(f"{name}: {np.count_nonzero(clipped)} samples clipped and are missing")
        traces.append(Trace(name, time_s, volts, saturation=_saturation(header, channel)))
    return Recording(path, "pyPhotometry", tuple(traces), _inputs(words, header, time_s), tuple(notes))


def _header(path: Path, text: bytes, length: int) -> _Header:
    if len(text) < length or length == 0:
        raise _truncated(path, f"the header should take {length} bytes and {len(text)} are there")
    try:
        fields = json.loads(text)
        version = _version(path, str(fields["version"]))
        mode = str(fields["mode"])
        modes = OLD_MODES if version < (1, 0) else NEW_MODES
        if mode not in modes:
            raise input_error(
                path,
                found=f"unknown acquisition mode {mode!r} (version {fields['version']})",
                allowed=", ".join(modes),
                remedy="nothing was read, because the mode decides how channels are interleaved; "
                "export the recording as CSV with time_s, signal, control",
            )
        n_channels, pulsed = modes[mode]
        if fields.get("n_analog_signals", n_channels) != n_channels:
            raise ValueError(f"{mode} has {n_channels} signals, the header says otherwise")
        return _Header(
            mode=mode,
            n_channels=n_channels,
            n_inputs=int(fields.get("n_digital_signals", 2)),
            pulsed=pulsed,
            paired=pulsed and version >= (1, 1),
            rate_hz=float(fields["sampling_rate"]),
            volts=tuple(float(volts) for volts in fields["volts_per_division"]),
            adc_max=int(fields.get("ADC_max_value", ADC_MAX)),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise input_error(
            path,
            found=f"the header cannot be understood ({type(error).__name__}: {str(error)[:80]})",
            allowed="a JSON header with version, mode, sampling_rate and volts_per_division",
            remedy="check that the file was written by pyPhotometry and copied whole",
        ) from error


def _version(path: Path, text: str) -> tuple[int, int]:
    major, minor, *_ = (int(part) for part in f"{text}.0".split("."))
    version = (major, minor)
    if version not in ((0, 2), (0, 3), (1, 0), (1, 1)):
        raise input_error(
            path,
            found=f"pyPhotometry file version {text}",
            allowed=VERSIONS,
            remedy="export the recording as CSV with time_s, signal, control",
        )
    return version


def _truncated(path: Path, found: str) -> Exception:
    return input_error(
        path,
        found=f"the file is truncated: {found}",
        allowed="a complete .ppd file: header length, header, then whole samples",
        remedy="copy the file again from the acquisition computer",
    )


def _words(path: Path, payload: bytes, header: _Header) -> NDArray[np.uint16]:
    """Return the words, shape (sample, channel, 1 or 2); the last axis is LED on, LED off."""
    per_channel = 2 if header.paired else 1
    sample_bytes = 2 * header.n_channels * per_channel
    if len(payload) < 2 * sample_bytes or len(payload) % sample_bytes:
        raise _truncated(path, f"{len(payload)} bytes of data are not whole samples of {sample_bytes} bytes")
    return np.frombuffer(payload, dtype="<u2").reshape(-1, header.n_channels, per_channel)


def _volts(words: NDArray[np.uint16], header: _Header, channel: int) -> Samples:
    """Return one channel [V] from its words, shape (sample, 1 or 2)."""
    analogue = (words >> 1).astype(np.float64)
    value = analogue[:, 0] - analogue[:, 1] if header.paired else analogue[:, 0]
    return value * _volts_per_division(header, channel)


def _clipped(words: NDArray[np.uint16], header: _Header) -> NDArray[np.bool_]:
    """Return where a paired mode clipped; elsewhere ``saturation`` tells, so nothing is marked."""
    if not header.paired:
        return np.zeros(len(words), dtype=np.bool_)
    return (words >> 1).max(axis=1) > CLIPPED * header.adc_max


def _volts_per_division(header: _Header, channel: int) -> float:
    # The third LED of 3EX_2EM is read by the first receiver, and the header lists receivers.
    return header.volts[channel % len(header.volts)]


def _saturation(header: _Header, channel: int) -> float | None:
    """Return where the converter clips [V]; a paired mode clips before the subtraction, so nowhere fixed."""
    return None if header.paired else header.adc_max * _volts_per_division(header, channel)


def _inputs(words: NDArray[np.uint16], header: _Header, time_s: Samples) -> dict[str, Samples]:
    edges: dict[str, Samples] = {}
    for line in range(min(header.n_inputs, header.n_channels)):
        rising = np.diff((words[:, line, 0] & 1).astype(np.int8)) > 0
        if rising.any():
            edges[f"digital_{line + 1}"] = time_s[1:][rising]
    return edges

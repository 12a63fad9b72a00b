"""Which traces of a recording are the signal, the control and the blank of a session.

The rules, in order; nothing else is inferred:

1. A name in ``signal`` or ``control`` is a trace's name, or else a wavelength [nm] within 8 nm of a trace's.
2. ``site`` narrows the choice to one site; a recording of several needs it, unless names are exact.
3. An empty ``signal`` is the trace named ``signal``; for Neurophotometrics the region's own excitation
   (470 nm in a green, 560 nm in a red one); or the only trace.
4. An empty ``control`` means a single-channel recording, whatever else the file holds.
5. The blank is the trace of the blank session with the same name, or the same site and wavelength.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from adenoscope.core.errors import input_error
from adenoscope.core.recording import Channels, Recording, Trace
from adenoscope.io.formats import neurophotometrics
from adenoscope.io.formats.plausibility import check_alive

NEAR_NM = 8.0
WAVELENGTH = re.compile(r"(\d{3}(?:\.\d+)?)\s*(?:nm)?", re.IGNORECASE)


def select_channels(
    recording: Recording,
    *,
    site: str = "",
    signal: str = "",
    control: str = "",
    blank: Recording | None = None,
    file: str | Path | None = None,
) -> Channels:
    """Return the channels a session is estimated from, by the rules of this module.

    Args:
        recording: what ``read_recording`` returned.
        site: the session's field in ``sessions.csv``, "" where left empty.
        signal: likewise.
        control: likewise.
        blank: the drug-free session of the same animal.
        file: what an error is to name; by default the recording's own file.

    Raises:
        InputError: a name fits no trace or several, or a chosen channel is dead.
    """
    where = recording.source if file is None else Path(file)
    there = _at_site(recording, site, signal, where)
    chosen = _find(there, signal, "signal", where) if signal else _default_signal(recording, there, where)
    beside = [trace for trace in there if trace.site == chosen.site or trace.name == control]
    second = _find(beside, control, "control", where) if control else None
    if second is chosen:
        raise _error(
            where,
            "control",
            f"signal and control are the same channel, {chosen.name}",
            "two different channels, or an empty control",
            recording.traces,
        )
    third = None if blank is None else _same_channel(blank, chosen)
    for trace, source in ((chosen, recording), (second, recording), (third, blank)):
        if trace is not None and source is not None:
            check_alive(trace, file=source.source)
    return Channels(signal=chosen, control=second, blank=third)


def _at_site(recording: Recording, site: str, signal: str, where: Path) -> Sequence[Trace]:
    traces = recording.traces
    sites = sorted({trace.site for trace in traces if trace.site is not None})
    if site:
        there = [trace for trace in traces if (trace.site or "").casefold() == site.casefold()]
        if not there:
            known = f"the sites are {', '.join(sites)}" if sites else "this format names no sites"
            remedy = f"use one of {', '.join(sites)}" if sites else "leave site empty and name the columns"
            raise input_error(where, column="site", found=f"no site {site!r}", allowed=known, remedy=remedy)
        return there
    if len(sites) > 1 and not any(trace.name == signal for trace in traces):
        raise input_error(
            where,
            column="site",
            found=f"the recording has {len(sites)} sites and the session names none",
            allowed=", ".join(sites),
            remedy="write the site of this animal in the column site",
        )
    return traces


def _default_signal(recording: Recording, traces: Sequence[Trace], where: Path) -> Trace:
    for trace in traces:
        if trace.name == "signal":
            return trace
    site = traces[0].site
    if recording.format == neurophotometrics.FORMAT and site is not None:
        return _find(traces, f"{neurophotometrics.signal_nm(site):.0f}", "signal", where)
    if len(traces) == 1:
        return traces[0]
    raise _error(
        where,
        "signal",
        f"{len(traces)} channels, and the session does not say which is the signal",
        "the name or the wavelength of a channel",
        traces,
    )


def _find(traces: Sequence[Trace], wanted: str, role: str, where: Path) -> Trace:
    """Return the trace called ``wanted``, or the one whose wavelength is nearest to it."""
    named = [trace for trace in traces if trace.name == wanted]
    named = named or [trace for trace in traces if trace.name.casefold() == wanted.casefold()]
    if len(named) == 1:
        return named[0]
    match = WAVELENGTH.fullmatch(wanted.strip())
    distances = sorted(
        (abs(trace.wavelength_nm - float(match[1])), index)
        for index, trace in enumerate(traces)
        if match and trace.wavelength_nm is not None
    )
    near = [(distance, index) for distance, index in distances if distance <= NEAR_NM]
    if not near:
        raise _error(where, role, f"no channel {wanted!r}", "the name or wavelength of a channel", traces)
    if len(near) > 1 and near[0][0] == near[1][0]:
        found = f"{wanted!r} fits {traces[near[0][1]].name} and {traces[near[1][1]].name}"
        raise _error(where, role, found, "the name of one channel", traces)
    return traces[near[0][1]]


def _same_channel(blank: Recording, signal: Trace) -> Trace:
    for trace in blank.traces:
        if trace.name == signal.name:
            return trace
    for trace in blank.traces:
        is_like = (trace.site, trace.wavelength_nm) == (signal.site, signal.wavelength_nm)
        if is_like and signal.wavelength_nm is not None:
            return trace
    found = f"the blank session has no channel like {signal.name}"
    raise _error(blank.source, "blank", found, "a blank recorded with the same channels", blank.traces)


def _error(where: Path, column: str, found: str, allowed: str, traces: Sequence[Trace]) -> Exception:
    there = ", ".join(
        trace.name if trace.wavelength_nm is None else f"{trace.name} ({trace.wavelength_nm:.0f} nm)"
        for trace in traces
    )
    remedy = f"the channels are {there}"
    return input_error(where, column=column, found=found, allowed=allowed, remedy=remedy)

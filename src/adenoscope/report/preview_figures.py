"""A protocol's charts as one figure: small multiples with bands, and a second protocol behind them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from adenoscope.core.protocol import Protocol
from adenoscope.mechanism.cohort import Numbers
from adenoscope.report.ink import BLACK, BLUE, GREY, VERMILLION, blank_figure, house_style
from adenoscope.studies.preview_protocol import Preview

COLUMNS, WIDTH, ROW_INCH, HEAD_INCH, FOOT_INCH = 3, 7.4, 1.45, 0.5, 0.52
MINUTE_S = 60.0
TITLES = {
    "dff": "ΔF/F",
    "adenosine_um": "adenosine (µM)",
    "intracellular_adenosine_um": "intracellular adenosine (µM)",
    "extracellular_atp_um": "extracellular ATP (µM)",
    "atp_adp_ratio": "ATP/ADP",
    "a1_occupancy": "A1 occupancy",
    "a2a_occupancy": "A2A occupancy",
    "nmdar_block": "NMDA receptor block",
    "bdnf": "BDNF (relative to rest)",
    "locomotion": "locomotion (relative to rest)",
    "fst_immobility_s": "FST immobility (s)",
    "spt_preference_percent": "SPT preference (%)",
    "pao2_mmhg": "arterial PO2 (mmHg)",
    "spo2": "SpO2",
    "pto2_mmhg": "tissue PO2 (mmHg)",
    "cmro2": "oxygen use (relative to rest)",
}


def protocol_figure(preview: Preview, pinned: Preview | None, names: tuple[str, ...]) -> Figure:
    """Return charts of the observables that are named and known; ``pinned`` is drawn behind as protocol A."""
    shown = [name for name in names if name in preview.bands]
    rows = max(1, -(-len(shown) // COLUMNS))
    height = HEAD_INCH + rows * ROW_INCH + FOOT_INCH
    with house_style():
        figure = blank_figure(WIDTH, height, synthetic=False)
        for place, name in enumerate(shown):
            row, column = divmod(place, COLUMNS)
            bottom = 1 - (HEAD_INCH + (row + 1) * ROW_INCH - 0.3) / height
            axes = figure.add_axes((0.07 + column * 0.325, bottom, 0.255, (ROW_INCH - 0.55) / height))
            _chart(axes, name, preview, pinned)
            if place >= len(shown) - COLUMNS:
                axes.set_xlabel("time (min)")
        _words(figure, preview, pinned, height)
    return figure


def protocol_words(protocol: Protocol) -> str:
    """Return a protocol in a line."""
    who = [protocol.species, protocol.genotype, protocol.region, protocol.condition]
    head = ", ".join(word for word in who if word not in ("WT", "naive"))
    return "; ".join([head, *_done(protocol)])


def _done(protocol: Protocol) -> Iterable[str]:
    for dose in protocol.give:
        over = f" over {dose.duration_s / MINUTE_S:g} min" if dose.duration_s else ""
        yield f"{dose.compound} {dose.dose:g} {dose.unit} {dose.route}{over} at {dose.at_s / MINUTE_S:g} min"
    for breath in protocol.breathe:
        bouts = f"{breath.repeat} x {breath.duration_s:g} s of {100 * breath.fio2:g} % O2"
        yield f"{bouts} from {breath.at_s / MINUTE_S:g} min"
    for shock in protocol.shock:
        yield f"shock of {shock.current_ma:g} mA at {shock.at_s / MINUTE_S:g} min"
    for light in protocol.light:
        yield f"light for {light.duration_s:g} s at {light.at_s / MINUTE_S:g} min"


def _chart(axes: Axes, name: str, preview: Preview, pinned: Preview | None) -> None:
    drawn = [_band(axes, preview, name, BLUE, "-")]
    if pinned is not None and name in pinned.bands:
        drawn.append(_band(axes, pinned, name, VERMILLION, (0, (4, 2))))
    if all(np.ptp(band) == 0 for band in drawn):  # a flat line lies on the axis else
        axes.set_ylim(drawn[0][0, 0] - 1, drawn[0][0, 0] + 1)
    for first in {preview.protocol.first_s, *(() if pinned is None else (pinned.protocol.first_s,))}:
        axes.axvline(first / MINUTE_S, color=GREY, linewidth=0.5, linestyle=(0, (2, 2)))
    axes.set_title(TITLES.get(name, name.replace("_um", " (µM)").replace("_", " ")), loc="left", pad=3)
    axes.set_xlim(0, max(one.time_s[-1] for one in (preview, pinned) if one is not None) / MINUTE_S)
    axes.locator_params(nbins=4)


def _band(axes: Axes, preview: Preview, name: str, colour: str, style: Any) -> Numbers:
    minutes, band = preview.time_s / MINUTE_S, preview.bands[name]
    axes.fill_between(minutes, band[1], band[2], color=colour, alpha=0.16, linewidth=0)
    axes.plot(minutes, band[0], color=colour, linestyle=style)
    return band


def _words(figure: Figure, preview: Preview, pinned: Preview | None, height: float) -> None:
    lines = [(BLUE if pinned is not None else BLACK, "B: " if pinned is not None else "", preview)]
    lines += [] if pinned is None else [(VERMILLION, "A (dashed): ", pinned)]
    for place, (colour, label, one) in enumerate(lines):
        above = 1 - (0.16 + 0.17 * place) / height
        figure.text(0.015, above, f"{label}{protocol_words(one.protocol)}", color=colour, va="center")
    said = preview.simulation
    share = "" if said is None else f" {100 * said.unverified_share:.0f} % of the constants are unverified."
    words = (
        f"Simulated: median and central 95 % of {preview.finished} virtual subjects, which hold how subjects differ "
        f"and what is not known.{share}"
    )
    figure.text(0.015, 0.12 / height, words, color=GREY, fontsize=6.5, va="center")

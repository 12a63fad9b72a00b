"""A panel of assays as plain arrays in the model's own units: readings scaled to the assay, doses as logarithms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from adenoscope.core.assay_panel import Arm, Assay, AssayPanel, AssayRow
from adenoscope.core.recording import Samples
from adenoscope.statistics.separation.moderated_spread import moderated_spread

Indices = NDArray[np.intp]
ARMS: tuple[Arm, ...] = ("effect", "side_effect")


class Readings(NamedTuple):
    """Rows of a panel, shape (curve, row), padded at the end.

    ``mean`` and ``error`` (standard error, with ``df`` degrees of freedom) are in spans of the assay and rise with
    the response; ``dose`` of vehicle and of padding is 0. ``counts`` is 1 for a row that is data: padding is not,
    nor is a vehicle group again that several compounds share.
    """

    dose: Samples
    log_dose: Samples
    mean: Samples
    error: Samples
    df: Samples
    counts: Samples


class Places(NamedTuple):
    """Where curves, vehicle groups and families belong: ``assay``, ``vehicle``, ``family`` have shape (curve,).

    A family is a series in an assay. ``of_vehicle`` and ``of_family`` are their assays. ``alone`` is 1 where a curve
    shares its vehicle group with no other.
    """

    assay: Indices
    vehicle: Indices
    family: Indices
    of_vehicle: Indices
    of_family: Indices
    alone: Indices


@dataclass(frozen=True, eq=False)
class PanelArrays:
    """A panel: curves are all compounds' effects, then all their side effects.

    ``sign`` (1 where the response raises readings), ``span`` (range of means, in the assay's unit) and
    ``usual_sd`` (between animals, in spans) have shape (assay,).
    """

    compounds: tuple[str, ...]
    assays: tuple[Assay, ...]
    readings: Readings
    places: Places
    sign: Samples
    span: Samples
    usual_sd: Samples

    @property
    def ends(self) -> tuple[Samples, Samples]:
        """Logarithms of the lowest and highest dose of each curve, each of shape (curve,)."""
        dose = self.readings.dose
        return np.log(np.min(dose, axis=1, initial=np.inf, where=dose > 0)), np.log(np.max(dose, axis=1))


def panel_arrays(panel: AssayPanel) -> PanelArrays:
    """Return a panel in which every compound has an assay in each arm, as arrays.

    Valid, Source: as ``moderated_spread``.
    """
    compounds = tuple(dict.fromkeys(row.compound for row in panel.rows))
    used = {row.assay for row in panel.rows}
    assays = tuple(assay for assay in panel.assays if assay.name in used)
    curves = [_rows_of(panel, compound, arm) for arm in ARMS for compound in compounds]
    series = [panel.series.get(compound, f" {compound}") for compound in compounds] * len(ARMS)
    places, counts = _places(curves, [assay.name for assay in assays], series)
    readings, sign, span, usual = _readings(curves, assays, places, counts)
    return PanelArrays(compounds, assays, readings, places, sign, span, usual)


def _rows_of(panel: AssayPanel, compound: str, arm: Arm) -> list[AssayRow]:
    here = {assay.name for assay in panel.assays if assay.arm == arm}
    rows = [row for row in panel.rows if row.compound == compound and row.assay in here]
    return sorted(rows, key=lambda row: (row.dose, row.mean, row.sd, row.n))


def _places(curves: Sequence[Sequence[AssayRow]], assays: list[str], series: list[str]) -> tuple[Places, Samples]:
    """Return where curves belong, and which rows count: vehicle rows that agree are the same animals."""
    assay = [assays.index(rows[0].assay) for rows in curves]
    vehicles: dict[object, int] = {}
    families: dict[object, int] = {}
    vehicle, family = list[int](), list[int]()
    counts = np.zeros((len(curves), max(map(len, curves))))
    for i, rows in enumerate(curves):
        same = tuple((row.mean, row.sd, row.n) for row in rows if row.dose == 0)
        group = (assay[i], same or f"none of {i}")
        counts[i, : len(rows)] = [row.dose > 0 or group not in vehicles for row in rows]
        vehicle.append(vehicles.setdefault(group, len(vehicles)))
        family.append(families.setdefault((assay[i], series[i]), len(families)))
    of_vehicle = [assay[vehicle.index(i)] for i in range(len(vehicles))]
    of_family = [assay[family.index(i)] for i in range(len(families))]
    alone = [vehicle.count(group) == 1 for group in vehicle]
    where = (np.array(indices, np.intp) for indices in (assay, vehicle, family, of_vehicle, of_family, alone))
    return Places(*where), counts


def _readings(
    curves: Sequence[Sequence[AssayRow]], assays: Sequence[Assay], places: Places, counts: Samples
) -> tuple[Readings, Samples, Samples, Samples]:
    """Return scaled readings with each assay's sign, span and usual standard deviation."""
    dose, mean = (
        _padded([[getattr(row, name) for row in rows] for rows in curves], 0.0) for name in ("dose", "mean")
    )
    sd, n = (
        _padded([[row.sd for row in rows] for rows in curves], 1.0),
        _padded([[row.n for row in rows] for rows in curves], 2.0),
    )
    steady, df = np.ones_like(sd), n - 1
    sign, span, usual = (np.ones(len(assays)) for _ in range(3))
    for index, of in enumerate(assays):
        here = (places.assay == index)[:, None] & (counts > 0)
        steady[here], df[here], usual[index] = moderated_spread(sd[here], n[here])
        span[index] = np.ptp(mean[here])
        sign[index] = _direction(of, dose, mean, here)
    error = steady / np.sqrt(n) / span[places.assay, None]
    scaled = mean * (sign / span)[places.assay, None]
    with np.errstate(divide="ignore"):
        return Readings(dose, np.log(dose), scaled, error, df, counts), sign, span, usual / span


def _padded(lists: Sequence[Sequence[float]], fill: float) -> Samples:
    padded = np.full((len(lists), max(map(len, lists))), fill)
    for line, values in zip(padded, lists, strict=True):
        line[: len(values)] = values
    return padded


def _direction(of: Assay, dose: Samples, mean: Samples, here: NDArray[np.bool_]) -> float:
    """Return 1 where the response raises readings, else -1; where that is unsaid, as most of the trends go."""
    if of.rises is not None:
        return 1.0 if of.rises else -1.0
    curves = [(doses[real], means[real]) for doses, means, real in zip(dose, mean, here, strict=True) if real.any()]
    ranks = [np.argsort(np.argsort(doses)) for doses, _ in curves]
    trend = sum(float((rank - rank.mean()) @ means) for rank, (_, means) in zip(ranks, curves, strict=True))
    return 1.0 if trend >= 0 else -1.0

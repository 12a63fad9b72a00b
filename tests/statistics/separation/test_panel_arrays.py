"""A panel as arrays: what is counted, which way a response goes, who belongs to whom."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from simulated_panels import ASSAYS, Design, simulate_panel

from adenoscope.core.assay_panel import AssayPanel, AssayRow
from adenoscope.statistics.separation.panel_arrays import panel_arrays


def two_compounds() -> AssayPanel:
    rows = [
        AssayRow(compound, assay, dose, base + way * dose * size, 1.0 + 0.1 * dose, 8)
        for compound, size in (("a", 1.0), ("b", 2.0))
        for assay, base, way in (("FST immobility", 150.0, -1.0), ("stereotypy", 2.0, 1.0))
        for dose in (0.0, 1.0, 3.0)
    ]
    return AssayPanel("mg/kg", ASSAYS, tuple(rows), {"a": "one", "b": "one"})


def test_a_vehicle_group_that_compounds_share_counts_once() -> None:
    arrays = panel_arrays(two_compounds())
    assert arrays.places.vehicle.tolist() == [0, 0, 1, 1]
    assert arrays.readings.counts[:, 0].tolist() == [1, 0, 1, 0]
    assert np.all(arrays.readings.counts[:, 1:] == 1)
    assert arrays.places.alone.tolist() == [0, 0, 0, 0]


def test_vehicle_groups_that_differ_are_kept_apart() -> None:
    panel = two_compounds()
    rows = [replace(row, mean=row.mean + 0.5) if row.compound == "b" and row.dose == 0 else row for row in panel.rows]
    places = panel_arrays(replace(panel, rows=tuple(rows))).places
    assert places.vehicle.tolist() == [0, 1, 2, 3]
    assert places.of_vehicle.tolist() == [0, 0, 1, 1]


def test_readings_rise_with_the_response_in_spans_of_the_assay() -> None:
    arrays = panel_arrays(two_compounds())
    assert arrays.sign.tolist() == [-1, 1]
    assert arrays.span == pytest.approx([6.0, 6.0])
    assert np.all(np.diff(arrays.readings.mean, axis=1) > 0)


def test_a_direction_that_is_not_said_is_taken_from_the_trend() -> None:
    panel = two_compounds()
    unsaid = tuple(replace(assay, rises=None) for assay in panel.assays)
    assert panel_arrays(replace(panel, assays=unsaid)).sign.tolist() == [-1, 1]


def test_families_are_series_in_an_assay_and_strangers_have_their_own() -> None:
    panel, _ = simulate_panel(Design(series=2), np.random.default_rng(1), compounds=4)
    assert panel_arrays(panel).places.family.tolist() == [0, 1, 0, 1, 2, 3, 2, 3]
    assert panel_arrays(replace(panel, series={})).places.family.tolist() == list(range(8))


def test_the_order_of_rows_changes_nothing() -> None:
    panel, _ = simulate_panel(Design(), np.random.default_rng(2), compounds=3)
    compounds = {name: [row for row in panel.rows if row.compound == name] for name in ("c0", "c1", "c2")}
    turned = tuple(row for rows in compounds.values() for row in reversed(rows))
    first, second = panel_arrays(panel), panel_arrays(replace(panel, rows=turned))
    assert np.array_equal(first.readings.mean, second.readings.mean)
    assert np.array_equal(first.readings.error, second.readings.error)


def test_a_compound_with_fewer_doses_is_padded_with_what_does_not_count() -> None:
    panel = two_compounds()
    fewer = tuple(row for row in panel.rows if (row.compound, row.dose) != ("b", 3.0))
    readings = panel_arrays(replace(panel, rows=fewer)).readings
    assert readings.counts[1].tolist() == [0, 1, 0]
    assert readings.dose[1].tolist() == [0, 1, 0]

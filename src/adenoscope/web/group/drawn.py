"""The report's own figures of groups as files. Runs in the process of science; the server never loads it."""

from __future__ import annotations

from matplotlib.figure import Figure

from adenoscope.core.contrast import Contrast
from adenoscope.core.dose_response import DoseResponse
from adenoscope.core.verdict import Verdict
from adenoscope.report.cumming import cumming_figures
from adenoscope.report.delta_delta import delta_delta_figure
from adenoscope.report.dissociation import dissociation_matrix
from adenoscope.report.dose_figures import dose_figure
from adenoscope.report.group_figures import contrast_figure, shared_limits
from adenoscope.report.matrix_figure import matrix_figures
from adenoscope.report.words import measure_of
from adenoscope.web.exports import FigureKind, drawn


def draw_verdict(verdict: Verdict, kind: FigureKind, *, synthetic: bool) -> bytes | None:
    """Return a verdict's figure; None where nobody was measured under the manipulation."""
    figure = delta_delta_figure(verdict, measure_of(verdict.readout, verdict.unit), synthetic=synthetic)
    return None if figure is None else drawn(figure, kind)


def draw_contrasts(contrasts: tuple[Contrast, ...], kind: FigureKind, *, synthetic: bool) -> bytes | None:
    """Return the figure of contrasts of one readout that fit side by side."""
    return drawn(_contrasts(contrasts, synthetic=synthetic), kind)


def draw_dose(response: DoseResponse, kind: FigureKind, *, synthetic: bool) -> bytes | None:
    """Return a dose-response's figure; its results hold no curve, so it shows the animals."""
    return drawn(dose_figure(response, measure_of(response.readout, response.unit), synthetic=synthetic), kind)


def draw_matrix(verdicts: tuple[Verdict, ...], kind: FigureKind, *, synthetic: bool) -> bytes | None:
    """Return the dissociation matrix; of a very wide one, its first readouts."""
    figure = next(iter(matrix_figures(dissociation_matrix(verdicts), synthetic=synthetic)), None)
    return None if figure is None else drawn(figure, kind)


def _contrasts(contrasts: tuple[Contrast, ...], *, synthetic: bool) -> Figure:
    measure = measure_of(contrasts[0].readout, contrasts[0].unit)
    if len(contrasts) == 1:
        return contrast_figure(contrasts[0], measure, shared_limits(contrasts, measure), synthetic=synthetic)
    return next(iter(cumming_figures(contrasts, measure, synthetic=synthetic)))

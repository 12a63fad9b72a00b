"""Published rules for a slow response, re-expressed in a few lines each, on the same 1 s bins.

Every rule takes a ``Session`` and returns ΔF/F as its authors define it; ``relative_to_baseline`` then makes
all of them comparable. They are given the handling window masked, lost and clipped samples removed, and the
moment of the intervention, whether or not the original would have them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import curve_fit

from adenoscope.core.recording import Channels, Samples, Trace

PRE_S = 600.0
END_S = 600.0


@dataclass(frozen=True, eq=False)
class Session:
    """1 s bins of a session at ``time_s`` [s after the intervention], none missing, shape (bin,)."""

    time_s: Samples
    signal: Samples
    control: Samples | None
    blank: Samples | None

    @property
    def before(self) -> Samples:
        return self.time_s < 0

    @property
    def just_before(self) -> Samples:
        return self.before & (self.time_s >= -PRE_S)


def bin_session(channels: Channels, onset_s: float, masked_s: tuple[float, float] | None) -> Session:
    """Return the session in bins; what is masked or lost is interpolated, as every peer needs."""
    start_s, end_s = channels.signal.time_s[0], channels.signal.time_s[-1]
    edges = np.arange(start_s, end_s, 1.0)
    time_s = edges[:-1] + 0.5 - onset_s

    def bins(trace: Trace | None) -> Samples | None:
        return None if trace is None else _bins(trace, edges, time_s, masked_s)

    signal = bins(channels.signal)
    assert signal is not None
    return Session(time_s, signal, bins(channels.control), bins(channels.blank))


def _bins(trace: Trace, edges: Samples, time_s: Samples, masked_s: tuple[float, float] | None) -> Samples:
    kept = np.isfinite(trace.values)
    if trace.saturation is not None:
        kept &= trace.values < trace.saturation
    total, _ = np.histogram(trace.time_s[kept], edges, weights=trace.values[kept])
    count, _ = np.histogram(trace.time_s[kept], edges)
    good = count > 0
    if masked_s is not None and trace.name != "blank":
        good &= (time_s < masked_s[0]) | (time_s > masked_s[1])
    return np.interp(time_s, time_s[good], total[good] / count[good])


def relative_to_baseline(session: Session, dff: Samples) -> Samples:
    """Return ``dff`` as a change from the ten minutes before the intervention."""
    level = float(np.mean(dff[session.just_before]))
    return (dff - level) / (1 + level)


def _line(x: Samples, y: Samples, weights: Samples) -> tuple[float, float]:
    mean_x, mean_y = np.average(x, weights=weights), np.average(y, weights=weights)
    slope = np.sum(weights * (x - mean_x) * (y - mean_y)) / np.sum(weights * (x - mean_x) ** 2)
    return float(mean_y - slope * mean_x), float(slope)


def _robust_line(x: Samples, y: Samples, c: float) -> tuple[float, float]:
    """Iteratively reweighted least squares with Tukey's bisquare."""
    weights = np.ones_like(x)
    line = _line(x, y, weights)
    for _ in range(50):
        residual = y - line[0] - line[1] * x
        u = residual / (c * 1.4826 * np.median(np.abs(residual)))
        weights = np.where(np.abs(u) < 1, (1 - u**2) ** 2, 0.0)
        before, line = line, _line(x, y, weights)
        if np.allclose(before, line, rtol=1e-8):
            break
    return line


def _over_line(session: Session, fitted_on: Samples, c: float | None) -> Samples:
    assert session.control is not None
    x, y = session.control[fitted_on], session.signal[fitted_on]
    intercept, slope = _line(x, y, np.ones_like(x)) if c is None else _robust_line(x, y, c)
    fitted = intercept + slope * session.control
    return session.signal / fitted - 1


def ols(session: Session) -> Samples:
    """pMAT, GuPPy's OLS: signal on control, whole recording."""
    return _over_line(session, np.ones(session.time_s.size, bool), None)


def irls(session: Session) -> Samples:
    """GuPPy's default: Tukey's bisquare with c = 4.685, whole recording."""
    return _over_line(session, np.ones(session.time_s.size, bool), 4.685)


def irls_keevers(session: Session) -> Samples:
    """Keevers: the same with c = 1.4."""
    return _over_line(session, np.ones(session.time_s.size, bool), 1.4)


def ols_baseline(session: Session) -> Samples:
    """Ejdrup: OLS on the baseline, extrapolated."""
    return _over_line(session, session.before, None)


def irls_baseline(session: Session) -> Samples:
    """GuPPy's baseline epoch: IRLS on the baseline, extrapolated."""
    return _over_line(session, session.before, 4.685)


def _double_exponential(t: Samples, rest: float, fast: float, slow: float, slow_s: float, ratio: float) -> Samples:
    return rest + slow * np.exp(-t / slow_s) + fast * np.exp(-t / (slow_s * ratio))


def _fit_double_exponential(session: Session, values: Samples, fitted_on: Samples) -> Samples:
    """Return the fit over the whole recording; bounds and start as in Akam's notebook, on 10 s means."""
    since_start = session.time_s - session.time_s[0]
    n = fitted_on.sum() // 10 * 10
    t = since_start[fitted_on][:n].reshape(-1, 10).mean(axis=1)
    y = values[fitted_on][:n].reshape(-1, 10).mean(axis=1)
    top = float(y.max())
    start = [top / 2, top / 4, top / 4, 3600.0, 0.1]
    bounds = ([0.0, 0.0, 0.0, 600.0, 1e-3], [top, top, top, 36000.0, 1.0])
    fit, _ = curve_fit(_double_exponential, t, y, p0=start, bounds=bounds, max_nfev=2000)
    return _double_exponential(since_start, *fit)


def detrended_ols(session: Session) -> Samples:
    """Akam, PhAT: double exponential off both channels, then OLS of what is left."""
    assert session.control is not None
    everywhere = np.ones(session.time_s.size, bool)
    bleached = _fit_double_exponential(session, session.signal, everywhere)
    control = session.control - _fit_double_exponential(session, session.control, everywhere)
    signal = session.signal - bleached
    intercept, slope = _line(control, signal, everywhere.astype(float))
    return (signal - intercept - slope * control) / bleached


def ratio_with_a_line(session: Session) -> Samples:
    """GetherLab: signal over control, over the line through its level before and at the end."""
    assert session.control is not None
    ratio = session.signal / session.control
    at_end = session.time_s > session.time_s[-1] - END_S
    x = np.array([session.time_s[part].mean() for part in (session.just_before, at_end)])
    y = np.array([ratio[part].mean() for part in (session.just_before, at_end)])
    line = y[0] + (y[1] - y[0]) / (x[1] - x[0]) * (session.time_s - x[0])
    return ratio / line - 1


def double_exponential_baseline(session: Session) -> Samples:
    """One channel: bleaching fitted to the baseline, extrapolated."""
    return session.signal / _fit_double_exponential(session, session.signal, session.before) - 1


def double_exponential_whole(session: Session) -> Samples:
    """One channel: bleaching fitted to the whole recording."""
    everywhere = np.ones(session.time_s.size, bool)
    return session.signal / _fit_double_exponential(session, session.signal, everywhere) - 1


def blank_subtraction(session: Session) -> Samples:
    """One channel and a drug-free session: the difference of the two, each relative to its own baseline."""
    assert session.blank is not None
    signal, blank = (x / x[session.just_before].mean() - 1 for x in (session.signal, session.blank))
    return signal - blank


Rule = Callable[[Session], Samples]
TWO_CHANNELS: tuple[Rule, ...] = (
    ols,
    irls,
    irls_keevers,
    ols_baseline,
    irls_baseline,
    detrended_ols,
    ratio_with_a_line,
)
ONE_CHANNEL: tuple[Rule, ...] = (double_exponential_baseline, double_exponential_whole)


def rules_for(session: Session) -> tuple[Rule, ...]:
    """Return the rules that can be used on this session."""
    if session.control is not None:
        return TWO_CHANNELS
    return (*ONE_CHANNEL, blank_subtraction) if session.blank is not None else ONE_CHANNEL

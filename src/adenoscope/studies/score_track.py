"""What a track says: how far an animal moved, and for how long it did not.

Between samples no further apart than ``gap_s`` a lost position is bridged by a straight line and a state is held;
beyond that, time is missing. It adds nothing, and where too much of the window is missing nothing is scored.
"""

from __future__ import annotations

import numpy as np
from scipy.ndimage import median_filter

from adenoscope.core.behaviour_record import Track
from adenoscope.core.errors import InputError, Problem
from adenoscope.core.recording import Samples
from adenoscope.io.nearest import did_you_mean
from adenoscope.io.scoring_toml import Scoring

CM = {"cm": 1.0, "mm": 0.1, "m": 100.0}
FASTEST_MEAN_CM_PER_S = 100.0  # a mouse gallops at 100 to 300 cm/s, for seconds


def score_track(track: Track, scoring: Scoring, start_s: float, where: str) -> float:
    """Return the immobility [s], or the distance in the unit of ``scoring``, of one track.

    Raises:
        InputError: a rule is missing, or the track does not cover the window well enough.
    """
    if scoring.score not in {"immobility", "distance"}:
        said, remedy = "a track for immobility or distance", "score it from events or a table"
        raise InputError(scoring.problem("score", f"found {scoring.score} for a track", said, remedy))
    time_s = _time_s(track, scoring)
    span_s = _span(time_s, scoring, start_s)
    if scoring.score == "immobility" and scoring.speed_below_cm_per_s is None:
        edges_s, still = _held_states(track, time_s, scoring, where)
    else:
        edges_s = time_s
        step_cm = _steps_cm(track, time_s, scoring, where)
        if scoring.score == "distance":
            return _distance(edges_s, step_cm, span_s, scoring, where)
        still = _below(step_cm / np.diff(time_s), scoring)
    _check_covered(edges_s, np.isfinite(still), span_s, scoring, where)
    return still_s(edges_s, still, span_s, scoring.at_least_s or 0.0)


def still_s(edges_s: Samples, still: Samples, span_s: tuple[float, float], at_least_s: float) -> float:
    """Return for how long [s] of ``span_s`` an animal was still, in bouts that lasted ``at_least_s`` or longer.

    Args:
        edges_s: the ends of the steps [s], shape (step + 1,).
        still: 1 where the animal was still during a step, 0 where not, NaN where unknown; shape (step,).
        span_s: what is scored [s]; a bout counts by its whole length, and adds what lies inside.
        at_least_s: the shortest bout [s].
    """
    flags = np.concatenate(([0], (still == 1).astype(int), [0]))
    starts, stops = (edges_s[np.flatnonzero(np.diff(flags) == sign)] for sign in (1, -1))
    long_enough = stops - starts >= at_least_s - 1e-9  # times of day are good to 1e-11 s
    inside = np.minimum(stops, span_s[1]) - np.maximum(starts, span_s[0])
    return float(np.clip(inside[long_enough], 0, None).sum())


def bridged(time_s: Samples, values: Samples, gap_s: float) -> Samples:
    """Return ``values`` with lost ones on a straight line between found ones at most ``gap_s`` apart; same shape."""
    found = np.flatnonzero(np.isfinite(values))
    if found.size < 2:
        return values
    line = np.interp(time_s, time_s[found], values[found], left=np.nan, right=np.nan)
    after = np.clip(np.searchsorted(found, np.arange(values.size)), 1, found.size - 1)
    apart_s = time_s[found[after]] - time_s[found[after - 1]]
    return np.where(np.isfinite(values), values, np.where(apart_s <= gap_s + 1e-9, line, np.nan))


def _time_s(track: Track, scoring: Scoring) -> Samples:
    if not track.in_frames:
        return track.time
    if scoring.fps is None:
        said, remedy = "frames a second of the film, for a track in frames", "for example fps = 30"
        raise InputError(scoring.problem("fps", "missing", said, remedy))
    return track.time / scoring.fps


def _span(time_s: Samples, scoring: Scoring, start_s: float) -> tuple[float, float]:
    if scoring.window_s is not None:
        return start_s + scoring.window_s[0], start_s + scoring.window_s[1]
    end_s = float(time_s[-1]) if scoring.length_s is None else start_s + scoring.length_s
    return max(start_s, float(time_s[0])) if scoring.length_s is None else start_s, end_s


def _limit_s(edges_s: Samples, scoring: Scoring) -> float:
    """Return the longest step [s] that counts as one: ``gap_s``, and never less than the usual step."""
    return max(scoring.gap_s, 1.5 * float(np.median(np.diff(edges_s))))


def _steps_cm(track: Track, time_s: Samples, scoring: Scoring, where: str) -> Samples:
    """Return the distance of each step [cm], shape (sample - 1,); NaN where it is not known."""
    factor = _cm(track, scoring, where)
    kept = _trusted(track, scoring)
    limit_s = _limit_s(time_s, scoring)
    x, y = (bridged(time_s, np.where(kept, values, np.nan), limit_s) for values in (track.x, track.y))
    if scoring.smooth_s is not None:
        x, y = (_smoothed(values, time_s, scoring.smooth_s) for values in (x, y))
    steps = np.hypot(np.diff(x), np.diff(y))
    if track.moved is not None and scoring.smooth_s is None:
        # The program's own distance, except beside lost samples, where it is not known what it spans.
        own = kept[1:] & kept[:-1] & np.isfinite(track.moved[1:])
        steps = np.where(own, track.moved[1:], steps)
    return np.where(np.diff(time_s) <= limit_s, steps * factor, np.nan)


def _cm(track: Track, scoring: Scoring, where: str) -> float:
    if track.unit in CM:
        return CM[track.unit]
    if track.unit != "px":
        found = f'positions in "{track.unit}"'
        raise InputError(Problem(where, found, f"one of {', '.join(CM)}, px", "calibrate and export the track again"))
    if scoring.px_per_cm is None:
        said, remedy = "pixels in a centimetre, for a track in pixels", "for example px_per_cm = 12.5"
        raise InputError(scoring.problem("px_per_cm", "missing", said, remedy))
    return 1 / scoring.px_per_cm


def _trusted(track: Track, scoring: Scoring) -> np.ndarray:
    """Return which samples have a position that is likely enough."""
    found = np.isfinite(track.x) & np.isfinite(track.y)
    if track.likelihood is None:
        return found
    if scoring.likelihood is None:
        said, remedy = "the least likelihood of a position, from 0 to 1", "for example likelihood = 0.9"
        raise InputError(scoring.problem("likelihood", "missing", said, remedy))
    return found & (track.likelihood >= scoring.likelihood)


def _smoothed(values: Samples, time_s: Samples, smooth_s: float) -> Samples:
    """Return running medians over ``smooth_s`` of every stretch without a gap."""
    width = 2 * int(smooth_s / float(np.median(np.diff(time_s))) / 2) + 1
    smooth, finite = values.copy(), np.isfinite(values)
    ends = np.flatnonzero(np.diff(np.concatenate(([0], finite.astype(int), [0]))))
    for start, stop in ends.reshape(-1, 2):
        smooth[start:stop] = median_filter(values[start:stop], size=width, mode="nearest")
    return smooth


def _below(speed_cm_per_s: Samples, scoring: Scoring) -> Samples:
    """Return 1 where the speed is below the limit, 0 where not, NaN where it is unknown."""
    if scoring.speed_below_cm_per_s is None or scoring.at_least_s is None:
        said = "with speed_below_cm_per_s also the shortest bout [s] that counts; 0 counts all"
        raise InputError(scoring.problem("at_least_s", "missing", said, "for example at_least_s = 1.0"))
    below = (speed_cm_per_s < scoring.speed_below_cm_per_s).astype(np.float64)
    return np.where(np.isfinite(speed_cm_per_s), below, np.nan)


def _held_states(track: Track, time_s: Samples, scoring: Scoring, where: str) -> tuple[Samples, Samples]:
    """Return the edges of the samples [s] and the program's own verdict in each, held over short gaps."""
    states = track.immobile
    if not states:
        said = "a column of the program such as Mobility state(Immobile), or a rule for the speed"
        remedy = "write speed_below_cm_per_s and at_least_s, or export the state too"
        raise InputError(scoring.problem("speed_below_cm_per_s", "missing", said, remedy))
    if scoring.measure not in states and (scoring.measure or len(states) > 1):
        found = f'no state "{scoring.measure}"' if scoring.measure else f"{len(states)} states of immobility"
        meant = did_you_mean(scoring.measure, states)
        remedy = meant or f'in {scoring.document}, for example measure = "{next(iter(states))}"'
        raise InputError(Problem(where, found, f"one of {', '.join(states)}", remedy))
    values = states[scoring.measure or next(iter(states))]
    edges_s = np.append(time_s, time_s[-1] + np.median(np.diff(time_s)))
    limit_s = _limit_s(edges_s, scoring)
    before = np.maximum.accumulate(np.where(np.isfinite(values), np.arange(values.size), -1))
    near = np.isfinite(bridged(time_s, values, limit_s)) & (before >= 0)
    held = np.where(near, values[np.maximum(before, 0)], np.nan)
    return edges_s, np.where(np.diff(edges_s) <= limit_s, held, np.nan)


def _distance(edges_s: Samples, step_cm: Samples, span_s: tuple[float, float], scoring: Scoring, where: str) -> float:
    _check_covered(edges_s, np.isfinite(step_cm), span_s, scoring, where)
    share = _overlap_s(edges_s, span_s) / np.diff(edges_s)
    total_cm = float(np.nansum(step_cm * share))
    mean = total_cm / (span_s[1] - span_s[0])
    if mean > FASTEST_MEAN_CM_PER_S:
        remedy = "check px_per_cm, fps and likelihood, or smooth the track with smooth_s"
        found = f"{mean:.0f} cm/s on average"
        raise InputError(Problem(where, found, f"at most {FASTEST_MEAN_CM_PER_S:g} cm/s for a rodent", remedy))
    return total_cm / CM[scoring.unit]


def _overlap_s(edges_s: Samples, span_s: tuple[float, float]) -> Samples:
    """Return how much [s] of each step lies in ``span_s``."""
    return np.clip(np.minimum(edges_s[1:], span_s[1]) - np.maximum(edges_s[:-1], span_s[0]), 0, None)


def _check_covered(
    edges_s: Samples, known: np.ndarray, span_s: tuple[float, float], scoring: Scoring, where: str
) -> None:
    """Raise where the track begins after the window, ends before it, or lost too much of it."""
    limit_s, first, last = _limit_s(edges_s, scoring), float(edges_s[0]), float(edges_s[-1])
    if span_s[1] <= span_s[0] or first > span_s[0] + limit_s or last < span_s[1] - limit_s:
        found = f"the track lasts from {first:g} to {last:g} s, and {span_s[0]:g} to {span_s[1]:g} s are to be scored"
        remedy = "exclude the recording with a reason, or mend start_s or window_s"
        raise InputError(Problem(where, found, "a recording as long as the window", remedy))
    missing = 100 * (1 - float(_overlap_s(edges_s, span_s)[known].sum()) / (span_s[1] - span_s[0]))
    if missing > scoring.missing_percent:
        found = f"{missing:.1f} % of the window is missing, after gaps up to {limit_s:g} s are bridged"
        remedy = "track the film again, or exclude the recording with a reason"
        raise InputError(Problem(where, found, f"at most missing_percent = {scoring.missing_percent:g}", remedy))

"""One condition's recordings through our estimator and the peers, each scored against the truth."""

from __future__ import annotations

import subprocess
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from adenoscope.core.interval import Interval
from adenoscope.core.recording import Samples
from adenoscope.core.response import Response
from adenoscope.core.study import Settings
from adenoscope.photometry.synthetic import SCENARIOS, Scenario, Simulated, simulate
from photometry_peers import Session, bin_session, relative_to_baseline, rules_for

WINDOW_S = (0.0, 1800.0)
LAST_S = 5400.0
SMOOTHED_S = 30
EVERY_S = 10
HANDLED_S = (-30.0, 60.0)
# No hands in the chamber: a laboratory would mask the gas valve's click and no more.
UNTOUCHED_S = (0.0, 0.0)


@dataclass(frozen=True)
class Chunk:
    """Recordings of one condition; ``peer_python`` runs the real peers, where there is one."""

    condition: str
    seeds: tuple[int, ...]
    peers: bool
    peer_python: str | None


def run_chunk(chunk: Chunk) -> list[dict[str, object]]:
    """Return one row for each recording of the chunk."""
    made = [simulate(SCENARIOS[chunk.condition], seed) for seed in chunk.seeds]
    sessions = [bin_session(m.channels, m.onsets_s[0], _masked(m.scenario)) for m in made]
    curves = [_peer_curves(session) if chunk.peers else {} for session in sessions]
    if chunk.peers and chunk.peer_python:
        for found, real in zip(curves, _real_peer_curves(sessions, chunk.peer_python), strict=True):
            found.update(real)
    rows: list[dict[str, object]] = []
    for seed, m, session, found in zip(chunk.seeds, made, sessions, curves, strict=True):
        peers = {name: _score(m, session.time_s, dff) for name, dff in found.items()}
        rows.append({"condition": chunk.condition, "seed": seed, **_ours(m), "peers": peers})
    return rows


def _masked(scenario: Scenario) -> tuple[float, float] | None:
    return HANDLED_S if scenario.handling else None


def _ours(made: Simulated) -> dict[str, object]:
    from adenoscope.photometry.estimate import estimate_response

    untouched = not made.scenario.handling and len(made.onsets_s) == 1
    settings = Settings(window_s=WINDOW_S, handling_s=UNTOUCHED_S if untouched else None)
    started = time.perf_counter()
    response = estimate_response(made.channels, made.onsets_s, settings=settings)
    seconds = time.perf_counter() - started
    truth = {"truth_mean": _window_mean(made.truth_time_s, made.truth_dff), "truth_kappa": made.kappa}
    return {**truth, "seconds": seconds, **_answer(made, response)}


def _answer(made: Simulated, response: Response) -> dict[str, object]:
    estimands, curve = response.estimands, response.curve
    found: dict[str, object] = {
        "status": response.status,
        "reason": response.reason,
        "verdict": response.control.verdict,
        "kappa": _ends(response.control.kappa),
        "cautions": list(response.cautions),
        "mean": None if estimands is None else _ends(estimands.mean_dff),
        "auc": None if estimands is None else _ends(estimands.auc_dff_s),
        "mse": None,
    }
    if curve is not None:
        found["mse"] = _score(made, curve.time_s, curve.dff)["mse"]
    return found


def _ends(interval: Interval | None) -> dict[str, float] | None:
    return None if interval is None else asdict(interval)


def _window_mean(time_s: Samples, dff: Samples) -> float:
    within = (time_s >= WINDOW_S[0]) & (time_s <= WINDOW_S[1])
    return float(np.mean(dff[within]))


def _score(made: Simulated, time_s: Samples, dff: Samples) -> dict[str, float]:
    """Return mean squared error [(% ΔF/F)²] after the intervention and the window's mean ΔF/F [1].

    Truth and estimate are brought to 1 s, smoothed over 30 s and compared every 10 s.
    """
    end_s = min(LAST_S, float(made.truth_time_s[-1]), float(time_s[-1]))
    at = np.arange(0.0, np.floor(end_s) + 1.0)
    estimate = np.interp(at, time_s, dff)
    difference = _smooth(estimate) - _smooth(np.interp(at, made.truth_time_s, made.truth_dff))
    return {"mse": float(np.mean((100 * difference[::EVERY_S]) ** 2)), "mean": _window_mean(at, estimate)}


def _smooth(values: Samples) -> Samples:
    """Return the running mean over ``SMOOTHED_S``, over what there is at the ends."""
    box = np.ones(SMOOTHED_S + 1)
    return np.convolve(values, box, "same") / np.convolve(np.ones_like(values), box, "same")


def _peer_curves(session: Session) -> dict[str, Samples]:
    curves: dict[str, Samples] = {}
    for rule in rules_for(session):
        try:
            curves[rule.__name__] = relative_to_baseline(session, rule(session))
        except RuntimeError:  # the double exponential did not converge: no curve, no score
            continue
    return curves


def _real_peer_curves(sessions: list[Session], python: str) -> list[dict[str, Samples]]:
    arrays: dict[str, Samples] = {}
    for n, session in enumerate(sessions):
        arrays[f"{n}_time_s"], arrays[f"{n}_signal"] = session.time_s, session.signal
        if session.control is not None:
            arrays[f"{n}_control"] = session.control
    worker = Path(__file__).with_name("peers_worker.py")
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "sessions.npz"), Path(folder, "curves.npz")
        np.savez(source, **arrays)
        subprocess.run([python, str(worker), "curves", str(source), str(target)], check=True)
        with np.load(target) as file:
            curves = dict(file)
    found: list[dict[str, Samples]] = [{} for _ in sessions]
    for label, dff in curves.items():
        n, name = label.split("_", 1)
        if np.all(np.isfinite(dff)):
            found[int(n)][name] = relative_to_baseline(sessions[int(n)], dff)
    return found

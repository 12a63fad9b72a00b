"""Runs the real peers; started with the interpreter of an environment that has them, which lacks ours.

    python -m venv peers && peers/bin/pip install --pre guppy-neuro==2.0.0b4 ibl-photometry==0.3.4
    peers/bin/python peers_worker.py curves SESSIONS.npz CURVES.npz
    peers/bin/python peers_worker.py time RECORDING.npz

``curves``: arrays ``N_time_s`` [s after the intervention], ``N_signal`` and perhaps ``N_control`` come in for
sessions N = 0, 1, ...; ``N_<peer>`` [ΔF/F] go out. A peer that fails on a session leaves no curve.
``time``: prints seconds and peak memory [GB] of GuPPy's default fit as JSON.
"""

from __future__ import annotations

import json
import logging
import resource
import sys
import time

import numpy as np
import pandas as pd
from guppy.analysis.z_score import compute_z_score
from iblphotometry import pipelines, processing


def guppy(time_s, signal, control, *, filter_window=0, **options):
    """Return ΔF/F of GuPPy's own step from channels to dF/F, with its defaults but for ``options``."""
    clock = time_s - time_s[0] + 1.0
    whole = np.array([[0.0, clock[-1] + 1.0]])
    _, percent, _, _ = compute_z_score(
        np.zeros_like(signal) if control is None else control,
        signal,
        clock,
        whole,
        "replace with NaN",
        filter_window,
        control is not None,
        "standard z-score",
        0,
        0,
        **options,
    )
    return percent / 100


def guppy_baseline(time_s, signal, control):
    start_s, end_s = 1.0, float(-time_s[0])
    return guppy(
        time_s,
        signal,
        control,
        control_fit_window_mode="baseline epoch",
        control_fit_window_start=start_s,
        control_fit_window_end=end_s,
    )


def guppy_bleaching(time_s, signal, control):
    return guppy(time_s, signal, control, control_fit_method="OLS", photobleaching_detrend=True)


def ibl_isosbestic(time_s, signal, control):
    """The shipped pipeline: low-pass bleach correction of both channels, then isosbestic correction."""
    index = time_s - time_s[0]
    series = (pd.Series(values, index=index, name="x") for values in (signal, control))
    return pipelines.run_pipeline(pipelines.isosbestic_correction_pipeline, *series).to_numpy()


def ibl_double_exponential(time_s, signal, _control):
    series = pd.Series(signal / signal[0], index=time_s - time_s[0])
    return processing.exponential_bleachcorrect(series, order=2, correction_method="subtract-divide").to_numpy()


TWO_CHANNELS = {
    "GuPPy default": guppy,
    "GuPPy baseline": guppy_baseline,
    "GuPPy bleaching": guppy_bleaching,
    "ibl isosbestic": ibl_isosbestic,
}
ONE_CHANNEL = {"GuPPy default": guppy, "ibl double exponential": ibl_double_exponential}


def write_curves(source, target):
    with np.load(source) as file:
        arrays = dict(file)
    curves = {}
    for n in range(sum(name.endswith("_time_s") for name in arrays)):
        time_s, signal = arrays[f"{n}_time_s"], arrays[f"{n}_signal"]
        control = arrays.get(f"{n}_control")
        for name, peer in (ONE_CHANNEL if control is None else TWO_CHANNELS).items():
            try:
                curves[f"{n}_{name}"] = np.asarray(peer(time_s, signal, control), dtype=float)
            except (ValueError, RuntimeError, ArithmeticError) as error:
                print(f"{name} failed on session {n}: {error}", file=sys.stderr)
    np.savez(target, **curves)


def print_time(source):
    with np.load(source) as file:
        arrays = dict(file)
    started = time.perf_counter()
    guppy(arrays["0_time_s"], arrays["0_signal"], arrays["0_control"], filter_window=100)
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(json.dumps({"seconds": seconds, "peak_gb": peak}))


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    if sys.argv[1] == "curves":
        write_curves(*sys.argv[2:4])
    else:
        print_time(sys.argv[2])

"""Where the light path was broken: a patch cord that was moved, a lamp that was switched, a fibre that fell out.

No response of a sensor moves the control by 15 % within a minute, so such a jump ends what belongs together.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from adenoscope.core.recording import Samples

JUMP = 0.15  # of log fluorescence, within the bins on either side
SIGNAL_JUMP = 0.25  # where only the signal can be looked at
REACH = 3  # bins on either side that are compared
AROUND = 2  # bins on either side of a break that are left out


def jump_sizes(log_f: Samples) -> Samples:
    """Return by how much the level changes at each bin, shape (bin,): medians of the bins after and before."""
    n = log_f.size
    sizes = np.zeros(n)
    for i in range(AROUND, n - AROUND):
        before = log_f[max(0, i - AROUND - REACH + 1) : i - AROUND + 1]
        after = log_f[i + AROUND : i + AROUND + REACH]
        if np.isfinite(before).any() and np.isfinite(after).any():
            sizes[i] = np.nanmedian(after) - np.nanmedian(before)
    return sizes


def find_breaks(
    Y: Samples, has_control: bool, soon: NDArray[np.bool_], handled: NDArray[np.bool_]
) -> list[tuple[int, int]]:
    """Return first and last bin of each stretch in which the light path was broken; ``Y`` is (bin, 2).

    ``soon`` marks bins soon after an onset, where a large jump of the signal may be its response. Near a
    ``handled`` bin a jump is a step in coupling, which the model has a place for.
    """
    signal = jump_sizes(Y[:, 0])
    if has_control:
        control = jump_sizes(Y[:, 1])
        # Both channels must go the same way: a step of one lamp alone is drift.
        size = np.where(np.sign(control) == np.sign(signal), np.minimum(2 * np.abs(signal), np.abs(control)), 0.0)
        found = size > JUMP
    else:
        found = (np.abs(signal) > SIGNAL_JUMP) & ~soon
    for i in np.flatnonzero(handled):
        found[max(0, i - AROUND - REACH) : i + AROUND + REACH + 1] = False
    edge = np.diff(np.concatenate([[0], found.astype(int), [0]]))
    first, after = np.flatnonzero(edge == 1), np.flatnonzero(edge == -1)
    return [(int(a), int(b) - 1) for a, b in zip(first, after, strict=True)]


def unbroken(time_s: Samples, breaks: list[tuple[int, int]]) -> tuple[float, float]:
    """Return from when to when [s] the light path was whole around the intervention at 0."""
    before = [last for _, last in breaks if time_s[last] < 0]
    after = [first for first, last in breaks if time_s[last] >= 0]
    start = time_s[min(before[-1] + AROUND, time_s.size - 1)] if before else -np.inf
    end = time_s[max(after[0] - AROUND, 0)] if after else np.inf
    return float(start), float(end)

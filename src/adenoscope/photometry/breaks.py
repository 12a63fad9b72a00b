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


def find_breaks(Y: Samples, has_control: bool, soon: NDArray[np.bool_], handled: NDArray[np.bool_]) -> list[int]:
    """Return the bins at which the light path was broken; ``Y`` is (bin, 2) of log fluorescence.

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
        size = np.abs(signal)
        found = (size > SIGNAL_JUMP) & ~soon
    reach = np.ones(2 * (AROUND + REACH) + 1)
    found &= np.convolve(handled, reach, mode="same") == 0
    breaks: list[int] = []
    for i in np.flatnonzero(found):
        nearby = slice(max(0, i - REACH), i + REACH + 1)
        if size[i] == size[nearby].max():
            breaks.append(int(i))
    return breaks


def unbroken(time_s: Samples, breaks: list[int]) -> tuple[float, float]:
    """Return from when to when [s] the light path was whole around the intervention at 0."""
    before = [i for i in breaks if time_s[i] < 0]
    after = [i for i in breaks if time_s[i] >= 0]
    n = time_s.size
    start = time_s[min(before[-1] + AROUND + 1, n - 1)] if before else -np.inf
    end = time_s[max(after[0] - AROUND, 0)] if after else np.inf
    return float(start), float(end)

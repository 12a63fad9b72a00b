"""How much of a response blood hides: a share that two channels can hardly tell from a leak.

    response seen = response (1 - eta)          kappa seen = kappa - ratio eta

Blood that follows the response dims both channels. The control sees it as a negative leak, so a negative
kappa makes some blood likelier; the rest of eta stays unknown, and widens every interval.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from adenoscope.core.parameter import load_values
from adenoscope.core.recording import Samples

MOST = 0.4


class Blood(NamedTuple):
    """Share of the response that blood hides, eta [1]: its mean for each kappa, and draws around it."""

    mean: Samples  # (scale draw,)
    draws: Samples  # (scale draw, state draw)


def blood_share(kappa: Samples | None, n_scales: int, n_states: int, seed: int) -> Blood:
    """Return eta for each draw of kappa as seen; without a control ``kappa`` is None and eta has its prior."""
    values = load_values("photometry")
    share, ratio = values["blood"]["share"], values["blood"]["control_ratio"].value
    variance = ((share.high - share.value) / 1.96) ** 2
    mean = np.full(n_scales, share.value)
    if kappa is not None:
        spread = values["control"]["kappa_sd"].value ** 2 + ratio**2 * variance
        pull = ratio * variance / spread
        mean = mean - pull * (kappa + ratio * share.value)
        variance *= 1 - ratio * pull
    rng = np.random.default_rng(seed)
    draws = mean[:, None] + np.sqrt(variance) * rng.standard_normal((n_scales, n_states))
    return Blood(np.clip(mean, 0.0, MOST), np.clip(draws, 0.0, MOST))


def kappa_prior() -> tuple[float, float]:
    """Return mean and sd of kappa as seen: the sensor's leak together with blood."""
    values = load_values("photometry")
    share, ratio = values["blood"]["share"], values["blood"]["control_ratio"].value
    sd = (share.high - share.value) / 1.96
    return -ratio * share.value, float(np.hypot(values["control"]["kappa_sd"].value, ratio * sd))

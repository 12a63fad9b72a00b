"""Whether doses tell an ED50, or only a bound, or nothing; and which dose would.

An arm tells its ED50 where the doses bracket it and the response is there:
  1. at most 5 % of the posterior of ED50 lies above the highest dose given, and at most 5 % below the lowest, so
     that the 90 % interval ends within the doses tried;
  2. with 95 % the highest dose raises the response by a fifth of the assay's usual ceiling or more.
The first is the rule of ``fit_dose_response``: past the doses a curve is an extrapolation of its equation. The
second keeps out compounds that did nothing: what relatives do then fills in an ED50 that the compound's own animals
never showed, and it may well lie within the doses.

A side that is closed still gives a bound, beyond which 99.5 % of the posterior lies. Curves are open because their
doses are placed badly or because chance makes it look so, and a bound is given to the latter as well: those at 95 %
held in 83 % of simulated indices, those at 99.5 % in 97 %.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from adenoscope.core.recording import Samples
from adenoscope.statistics.separation.panel_arrays import PanelArrays
from adenoscope.statistics.separation.pooling.emax_model import ED50, rise
from adenoscope.statistics.separation.pooling.sample import Posterior

Flags = NDArray[np.bool_]
TAIL = 0.05
RESPONSE = 0.2  # of the assay's usual ceiling
BOUND = 0.005
FARTHER, FARTHEST = 3.0, 10.0  # a dose that would tell is so many times beyond those tried, at least and at most


@dataclass(frozen=True, eq=False)
class Bracketing:
    """What doses tell of each curve, each of shape (curve,).

    ``p_above`` and ``p_below`` [1] are the chances that ED50 lies above the highest, below the lowest dose;
    ``telling_dose`` [dose unit] lies beyond the end that is open, or more open; NaN where none is.
    """

    responded: Flags
    p_above: Samples
    p_below: Samples
    telling_dose: Samples

    @property
    def open_above(self) -> Flags:
        return self.p_above > TAIL

    @property
    def open_below(self) -> Flags:
        return self.p_below > TAIL

    @property
    def told(self) -> Flags:
        return self.responded & ~self.open_above & ~self.open_below


def bracketing(data: PanelArrays, posterior: Posterior) -> Bracketing:
    """Return what the doses of each curve tell, by the rule at the head of this file.

    Valid: a posterior that has converged. A curve that is not told is not shown to do nothing.
    Source: the head of this file; what the rule was found to do stands in docs/how-to/ranking.md.
    """
    low, high = data.ends
    log_ed50 = posterior.curves[..., ED50]
    p_above, p_below = (log_ed50 > high).mean(axis=0), (log_ed50 < low).mean(axis=0)
    at_top = rise(posterior.curves, np.exp(high)[:, None])[..., 0]
    responded = (at_top >= RESPONSE * posterior.usual_emax).mean(axis=0) >= 1 - TAIL
    lowest, highest = np.quantile(log_ed50, [TAIL, 1 - TAIL], axis=0)
    up = np.clip(highest, high + np.log(FARTHER), high + np.log(FARTHEST))
    down = np.clip(lowest, low - np.log(FARTHEST), low - np.log(FARTHER))
    step = high + np.log(FARTHER)
    wanted = np.select([~responded, p_above > np.maximum(p_below, TAIL), p_below > TAIL], [step, up, down], np.nan)
    telling = np.array([float(f"{dose:.2g}") for dose in np.exp(wanted)])
    return Bracketing(responded, p_above, p_below, telling)

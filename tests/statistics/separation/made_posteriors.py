"""Posteriors written down rather than sampled, to judge what is said of them."""

from __future__ import annotations

import numpy as np
from simulated_panels import ASSAYS

from adenoscope.core.assay_panel import AssayPanel, AssayRow
from adenoscope.core.ranking import Convergence
from adenoscope.core.recording import Samples
from adenoscope.statistics.separation.panel_arrays import PanelArrays, panel_arrays
from adenoscope.statistics.separation.pooling.sample import Posterior

AGREED = Convergence(chains=4, draws=4000, worst_r_hat=1.0, least_effective=4000.0, converged=True)
DOSES = (1.0, 3.0, 10.0, 30.0)
N_DRAWS = 4000


def arrays(compounds: int = 2, sd: float = 0.5) -> PanelArrays:
    """Return a panel of compounds that were given 1 to 30 mg/kg in both arms; means only span the assay."""
    rows = [
        AssayRow(f"c{i}", assay.name, dose, place + 0.01 * i, sd * (1 + 0.01 * place), 8)
        for i in range(compounds)
        for assay in ASSAYS
        for place, dose in enumerate((0.0, *DOSES))
    ]
    return panel_arrays(AssayPanel("mg/kg", ASSAYS, tuple(rows)))


def posterior(ed50: Samples, ceiling: Samples | float = 1.0, hill: float = 1.5) -> Posterior:
    """Return a posterior with ED50 [mg/kg] (draw, curve), ceilings in usual ones, and no doubt of the rest."""
    log_ed50 = np.log(ed50)
    log_hill = np.full_like(log_ed50, np.log(hill))
    log_emax = np.log(np.broadcast_to(ceiling, log_ed50.shape))
    curves = np.stack([log_ed50, log_hill, log_emax, np.zeros_like(log_ed50)], axis=-1)
    return Posterior(curves, np.ones_like(log_ed50), AGREED)


def spread(middles: list[float], factors: list[float] | float, seed: int = 1) -> Samples:
    """Return log-normal draws (draw, curve) about ``middles`` [mg/kg]; two in three lie within ``factors``."""
    rng = np.random.default_rng(seed)
    return np.exp(np.log(middles) + np.log(factors) * rng.standard_normal((N_DRAWS, len(middles))))

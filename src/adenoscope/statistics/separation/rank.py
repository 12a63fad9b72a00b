"""Rank compounds by how far apart effect and side effect are, with what could not be told and what to do next."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from adenoscope.core.assay_panel import AssayPanel
from adenoscope.core.ranking import CompoundIndex, Ranking, Weights
from adenoscope.statistics.separation.arm_fits import arm_fit
from adenoscope.statistics.separation.check_panel import check_panel
from adenoscope.statistics.separation.compound_index import Objective, compare, compound_index
from adenoscope.statistics.separation.could_tell import bracketing
from adenoscope.statistics.separation.next_experiment import choice_of, next_experiments
from adenoscope.statistics.separation.panel_arrays import PanelArrays, panel_arrays
from adenoscope.statistics.separation.pooling.sample import AGREED, Posterior, sample_posterior

LEVELS = (0.8, 0.2)
METHOD = (
    "Emax curves of all compounds in one Bayesian model: ED50, ceilings, steepness and baselines are pooled within "
    "an assay, ED50 also within a series, as far as the compounds agree. Standard deviations of few animals are "
    "steadied by those of the assay, and means have t-distributed errors. 90 % intervals are quantiles of the "
    "posterior; an ED50 is told where its interval ends within the doses given and a response is there."
)


def ignore(_stage: str, _done: int, _total: int) -> None:
    """Show nothing."""


def rank_compounds(
    panel: AssayPanel,
    *,
    reference: str,
    weights: Weights | None = None,
    levels: tuple[float, float] = LEVELS,
    n_next: int = 8,
    top: int = 5,
    seed: int = 1,
    progress: Callable[[str, int, int], None] = ignore,
) -> Ranking:
    """Return compounds by their weighted separation [ln units] from the reference, and the most telling experiments.

        index = ED50(side effect) / ED50(effect),    score = w_side ln ED50(side effect) - w_effect ln ED50(effect)

    Args:
        panel: assays, rows and series; each compound has one assay in each arm.
        reference: the compound that others are compared with.
        weights: of potency and of absence of the side effect, equal if not given.
        levels: shares of their own ceilings [1] that ``separation`` compares, of the effect and of the side effect.
        n_next: animals in the group whose measurement is judged.
        top: how many of those groups are returned at most, one for each compound and arm; 0 judges none.

        seed: of the draws.
        progress: is told the stage, how much of it is done, and of how much.

    Raises:
        ValueError: the panel or the levels are not what the model needs; the message lists everything.
    Valid: readings about normal between animals, or enough animals; a response that does not turn back; compounds
        of a series that may be taken for draws of one distribution. Convergence is reported, not enforced.
    Source: Gelman et al. (2013), Bayesian Data Analysis, chapter 5, for pooling; the heads of the files beside.
    """
    check_panel(panel, reference)
    if not all(0 < level < 1 for level in levels):
        raise ValueError(f"levels {levels} are not shares between 0 and 1")
    data = panel_arrays(panel)
    posterior = sample_posterior(data, seed, lambda done, total: progress("fitting curves", done, total))
    objective = Objective(weights or Weights(), data.compounds.index(reference), levels)
    compounds = _compounds(panel, data, posterior, objective)
    choice = choice_of(data, posterior, objective.weights)
    experiments = (
        []
        if top == 0
        else next_experiments(
            data, choice, n_next, seed, lambda done, total: progress("weighing experiments", done, total)
        )
    )
    return Ranking(
        dose_unit=panel.dose_unit,
        reference=reference,
        weights=objective.weights,
        levels=levels,
        compounds=compounds,
        next_experiments=tuple(one for one in experiments if one.gain.low > 0)[:top],
        at_stake=choice.at_stake,
        convergence=posterior.convergence,
        seed=seed,
        notes=tuple(_notes(panel, data, posterior, compounds, reference)),
        method=METHOD,
    )


def _compounds(
    panel: AssayPanel, data: PanelArrays, posterior: Posterior, objective: Objective
) -> tuple[CompoundIndex, ...]:
    """Return every compound, highest score first; those that could not be told behind, bounded ones before others."""
    found, n = bracketing(data, posterior), len(data.compounds)
    of = compare(data, posterior, found, objective)
    fits = [arm_fit(data, posterior, found, curve, panel.dose_unit) for curve in range(2 * n)]
    ranked = [
        compound_index(i, name, panel.series.get(name), (fits[i], fits[n + i]), of, objective)
        for i, name in enumerate(data.compounds)
    ]
    scores = np.median(of.score, axis=0)
    order = sorted(range(n), key=lambda i: (not of.told[i], ranked[i].index_above is None, -scores[i]))
    return tuple(ranked[i] for i in order)


def _notes(
    panel: AssayPanel, data: PanelArrays, posterior: Posterior, compounds: Sequence[CompoundIndex], reference: str
) -> Iterator[str]:
    """Yield what belongs beside every number of the ranking."""
    of = posterior.convergence
    if not of.converged:
        yield (
            f"The chains have not converged (R-hat up to {of.worst_r_hat:.2f}, {AGREED:g} is asked for; the least "
            f"informed quantity is worth {of.least_effective:.0f} draws): intervals may be too narrow."
        )
    for assay, sign in zip(data.assays, data.sign, strict=True):
        if assay.rises is None:
            way = "rise" if sign > 0 else "fall"
            yield f"{assay.name}: whether the response raises or lowers readings was not said; most of them {way}."
    for assay in data.assays:
        rows = [row for row in panel.rows if row.assay == assay.name]
        if not any(row.dose == 0 for row in rows):
            yield f"{assay.name}: no vehicle group; baselines rest on the equation and on low doses."
    if not any(one.standing == "told" for one in compounds if one.compound == reference):
        yield f"The reference, {reference}, could not be told; no compound is compared with it."
    alone = [name for name in data.compounds if name not in panel.series]
    if alone:
        yield f"Without relatives in the panel, pooled over the whole assay only: {', '.join(alone)}."

"""The rest of subjects that grew up with other enzymes: found by leaving them alone until nothing moves.

Constants describe a wild type, whose rest is exact. A genotype that changes the making or the fate of adenosine has a
rest of its own: adenosine settles at another level, and receptors and sensor count their change from there.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from adenoscope.core.protocol import Protocol
from adenoscope.mechanism.interventions import parameters
from adenoscope.simulation import Model
from adenoscope.simulation.solver.tables import Numbers

SETTLES_S = 6 * 3600.0
STATES = (
    *("adenosine", "adenosine_neuron", "adenosine_astro", "bound"),
    *("extracellular_atp", "extracellular_adp", "extracellular_amp"),
)
REFERENCES = {  # what counts as rest, and what it is at rest
    "bound_rest": "bound",
    "a1_activation_rest": "a1_activation",
    "a2a_activation_rest": "a2a_activation",
}
MOVES_REST = ("nt5e_present", "adk_present", "ent1_present", "ent2_present")


def moved_rest(protocol: Protocol) -> dict[str, float]:
    """Return the switches of a protocol's genotype that move rest, by the model's names; {} where none does."""
    switches = parameters(protocol)
    return {name: switches[name] for name in MOVES_REST if switches.get(name, 1.0) != 1.0}


def own_rest(model: Model, protocol: Protocol, drawn: Mapping[str, Numbers]) -> dict[str, Numbers]:
    """Return what a protocol's genotype changes at rest, by the model's names, each of shape (subject,).

    ``drawn``: constants of each subject; without any, there is one number for all, the typical subject's. Empty where
    the genotype leaves rest as it is.

    Valid: what is slower than ``SETTLES_S``, and what a body does to make up for a missing enzyme, is not described.
    Source: the model itself.
    """
    if not moved_rest(protocol):
        return {}
    names = (*STATES, *REFERENCES.values())
    n_subjects = max((value.size for value in drawn.values()), default=1)
    settled = model.simulate(
        [0.0, SETTLES_S], parameters={**drawn, **parameters(protocol)}, observables=names, n_subjects=n_subjects
    )
    ends = dict(zip(names, _each(settled.values[:, -1], drawn), strict=True))
    found = {name: ends[name] for name in STATES} | {name: ends[source] for name, source in REFERENCES.items()}
    whole = np.isfinite(np.stack(list(found.values()))).all(axis=0)
    if whole.all():
        return found
    # Who does not settle starts from the wild type's rest, and is told apart by what follows.
    start = model.simulate([0.0], parameters={**drawn}, observables=names, n_subjects=n_subjects).values[:, 0]
    plain = dict(zip(names, _each(start, drawn), strict=True))
    own = {name: plain[name] for name in STATES} | {name: plain[source] for name, source in REFERENCES.items()}
    return {name: np.where(whole, value, own[name]) for name, value in found.items()}


def _each(values: Numbers, drawn: Mapping[str, Numbers]) -> Numbers:
    """Return values, shape (subject, name), by name; without subjects of their own, one number each."""
    return values.T if drawn else values[0]

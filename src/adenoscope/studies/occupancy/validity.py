"""How far an answer about occupancy may be trusted: what is left out, and which constants it rests on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from adenoscope.core.occupancy import REFERENCE, OccupancyDesign
from adenoscope.core.parameter import Parameter
from adenoscope.core.protocol import Protocol
from adenoscope.mechanism.cohort import used_constants
from adenoscope.mechanism.occupancy import in_vivo
from adenoscope.mechanism.posterior import CONVERGED, load_posterior
from adenoscope.studies.occupancy.runs import group_ratios
from adenoscope.studies.occupancy.shares import constants_of, shown_targets
from adenoscope.studies.simulated import UNCONVERGED

STEADY = "Receptors keep their number and nobody gets used to a drug here: weeks of intake are not described."
PRODUCTS = (
    "Caffeine's products paraxanthine and theophylline hold the same receptors and are left out: late occupancy is "
    "higher than shown."
)
STRIATUM = (
    "PET constants of A2A are of the striatum, where the receptor is dense, in patients with Parkinson's disease."
)
MASS = "Every subject has the same body mass; what differs per kg between subjects is in volumes and clearances."


def own_sentences(design: OccupancyDesign, compounds: Sequence[str]) -> Iterator[str]:
    """Yield what an answer about occupancy leaves out, beside what the protocol itself does."""
    worst = load_posterior().worst_r_hat
    if worst >= CONVERGED:
        yield UNCONVERGED.format(worst)
    yield STEADY
    if "caffeine" in compounds:
        yield PRODUCTS
    if any(in_vivo(one, "a2a", design.species) is not None for one in compounds):
        yield STRIATUM
    yield MASS
    for group in design.groups:
        unknown = [one for one in compounds if one not in group_ratios(group, compounds)]
        if group != REFERENCE and unknown:
            yield f"{group}: no source for {', '.join(unknown)}, cleared as in the reference."


def used_parameters(design: OccupancyDesign, protocol: Protocol, compounds: Sequence[str]) -> Mapping[str, Parameter]:
    """Return the constants that an answer rests on, those that occupancy has of its own instead of the library's."""
    own = constants_of(design.species, compounds, shown_targets(compounds))
    ratios = {
        f"{group}.{one}": value for group in design.groups for one, value in group_ratios(group, compounds).items()
    }
    return {**used_constants(protocol), **own, **ratios}

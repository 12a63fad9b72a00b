"""Inhibitors of the enzymes that make norketamine: given, they leave a share of an activity from then on.

Their own kinetics are not described: whatever the dose, the enzyme is held down until the end of the simulation. Use
them at about the doses of the study that they stand for (mouse, i.p.: ritonavir and ketoconazole 50, ticlopidine
20 mg/kg). Shares are in ``values/compounds.toml``.
"""

from __future__ import annotations

from collections.abc import Mapping

from adenoscope.mechanism.pieces import constants
from adenoscope.simulation import Change

ENZYMES: Mapping[str, str] = {
    "ritonavir": "cyp3a4_activity",
    "ketoconazole": "cyp3a4_activity",
    "ticlopidine": "cyp2b6_activity",
}


def is_inhibitor(compound: str) -> bool:
    """Return whether a compound is one of these."""
    return compound.strip().lower() in ENZYMES


def inhibitor_changes(compound: str, dose: float, at_s: float) -> list[Change]:
    """Return what giving an inhibitor does to the model; a dose of 0 does nothing.

    Valid: mice, about the doses at the top, an hour or two.
    Source: ``values/compounds.toml``.
    """
    name = compound.strip().lower()
    if dose == 0:
        return []
    return [Change(at_s, ENZYMES[name], constants("compounds", "mouse")[f"{name}_activity_left"].value)]

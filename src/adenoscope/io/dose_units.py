"""Doses of assays on one scale: per kg of body in µmol/kg, concentrations in µM."""

from __future__ import annotations

from typing import Literal

Basis = Literal["body", "concentration"]
# Each unit in µg/kg, in µmol/kg, or in µM.
MASS = {"g/kg": 1e6, "mg/kg": 1e3, "µg/kg": 1.0, "ng/kg": 1e-3}
AMOUNT = {"mmol/kg": 1e3, "µmol/kg": 1.0, "nmol/kg": 1e-3}
CONCENTRATION = {"M": 1e6, "mM": 1e3, "µM": 1.0, "nM": 1e-3, "pM": 1e-6}
UNITS = (*MASS, *AMOUNT, *CONCENTRATION)
HOUSE: dict[Basis, str] = {"body": "µmol/kg", "concentration": "µM"}


def plain_unit(unit: str) -> str:
    """Return a unit as it is spelt here: µ for u and for the Greek letter."""
    text = unit.strip().replace("\u03bc", "µ")
    return {"ug/kg": "µg/kg", "umol/kg": "µmol/kg", "uM": "µM"}.get(text, text)


def basis(unit: str) -> Basis:
    """Return what a dose in ``unit`` refers to."""
    return "concentration" if unit in CONCENTRATION else "body"


def in_house_unit(dose: float, unit: str, molar_mass: float) -> float:
    """Return a dose in µmol/kg, or a concentration in µM, for a compound of ``molar_mass`` [g/mol]."""
    if unit in MASS:
        return dose * MASS[unit] / molar_mass
    return dose * (AMOUNT | CONCENTRATION)[unit]

"""A table of compounds with simulated assays, whose doses of half effect and indices are known.

Structures and names are those of compounds that exist; every mean, sd and n is made here, and says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

SOURCE = "synthetic: simulated for tests"
HEADER = (
    "compound,smiles,source,series,like,mitochondria_ic50_um,nmdar_ki_um,nmdar_source,"
    "assay,role,direction,unit,dose,dose_unit,mean,sd,n,assay_source"
)
DOSES = (1.0, 3.0, 10.0, 30.0, 100.0)  # mg/kg


@dataclass(frozen=True)
class Truth:
    """A compound, and what is true of it: ED50 of the effect [mg/kg] and the index."""

    name: str
    smiles: str
    ed50: float
    index: float
    series: str = ""
    constants: tuple[str, str, str, str] = ("", "", "", "")  # like, mitochondria, NMDA receptors, source


SOURCED = "structure: shared name and drawing of Roth et al. (2013), PLoS One 8:e59334"
TRUTHS = (
    Truth("ketamine", "CNC1(CCCCC1=O)c1ccccc1Cl.Cl", 10.0, 1.0),
    Truth("norketamine", "NC1(CCCCC1=O)c1ccccc1Cl", 25.0, 1.6),
    Truth("deschloroketamine", "CNC1(CCCCC1=O)c1ccccc1", 6.0, 3.0),
    Truth("2F-DCK", "CNC1(CCCCC1=O)c1ccccc1F", 9.0, 1.4, "", ("deschloroketamine", "3.0", "1.5", "from memory")),
    Truth("methoxetamine", "CCNC1(CCCCC1=O)c1cccc(OC)c1", 5.0, 0.5),
    Truth("tiletamine", "CCNC1(CCCCC1=O)c1cccs1", 7.0, 0.8, "thienyl"),
    Truth("PCP", "C1CCN(CC1)C1(CCCCC1)c1ccccc1", 3.0, 0.3),
    Truth("memantine", "CC12CC3CC(C)(C1)CC(N)(C3)C2", 20.0, 0.7),
)  # fmt: skip


def simulated_table(path: Path, seed: int = 1, n: int = 8, doses: tuple[float, ...] = DOSES) -> None:
    """Write a table of all compounds, of which one is not bracketed, two lack something, and one has no source."""
    random = np.random.default_rng(seed)
    lines = [HEADER]
    for truth in TRUTHS:
        lines += rows(truth, random, n, doses)
    # Dosed far below its half effects: could not tell.
    lines += rows(Truth("3-MeO-PCE", "CCNC1(CCCCC1)c1cccc(OC)c1", 400.0, 1.0), random, n, doses)
    lines += [f"diphenidine,C(c1ccccc1)C(c1ccccc1)N1CCCCC1,{SOURCED!r}".replace("'", '"') + "," * 15]
    lines += rows(Truth("MK-801", "C[C@]12N[C@H](Cc3ccccc13)c1ccccc12", 1.0, 0.2), random, n, doses, source="")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def rows(
    truth: Truth, random: np.random.Generator, n: int, doses: tuple[float, ...], source: str = SOURCED
) -> list[str]:
    """Return the lines of one compound: its own cells in the first, and in every line a group of animals."""
    arms = (
        ("FST immobility", "effect", "down", "s", 140.0, -80.0, truth.ed50, 25.0),
        ("open field", "side_effect", "up", "m", 30.0, 60.0, truth.ed50 * truth.index, 12.0),
    )
    lines: list[str] = []
    for assay, role, direction, unit, e0, emax, ed50, sd in arms:
        for dose in (0.0, *doses):
            sample = random.normal(e0 + emax * dose / (dose + ed50), sd, n)
            own = f'{truth.smiles},"{source}",{truth.series},{",".join(truth.constants[:3])},"{truth.constants[3]}"'
            if lines:
                own = "," * 6
            reading = f"{sample.mean():.2f},{sample.std(ddof=1):.2f},{n}"
            given = f"{dose:g},{'mg/kg' if dose else ''}"
            lines.append(f"{truth.name},{own},{assay},{role},{direction},{unit},{given},{reading},{SOURCE}")
    return lines

"""A ranking made by hand: what pages and figures are to show, without the statistics that found it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from adenoscope.core.assay_panel import Arm, Assay, AssayPanel, AssayRow
from adenoscope.core.dose_response import DoseCurve
from adenoscope.core.interval import Interval
from adenoscope.core.ranking import ArmFit, CompoundIndex, Convergence, NextExperiment, Ranking, Weights
from adenoscope.core.structure import Domain, Structure
from adenoscope.io.assay_table import AssayDose, Candidate
from adenoscope.io.scheduled import listings_of
from adenoscope.io.structures.molecule import read_structure
from adenoscope.mechanism.predicted_index import PredictedIndex
from adenoscope.studies.rank_compounds import Facts, RankingAnswer
from adenoscope.studies.ranking_panel import NotRanked

DOSES = (4.0, 12.0, 40.0, 120.0)
TOLD = {  # ED50 of the effect [µmol/kg], and the index
    "deschloroketamine": ("CNC1(CCCCC1=O)c1ccccc1", 20.0, 3.0),
    "ketamine": ("CNC1(CCCCC1=O)c1ccccc1Cl", 40.0, 1.0),
    "methoxetamine <b>": ("CCNC1(CCCCC1=O)c1cccc(OC)c1", 15.0, 0.4),
}
OPEN, ABSENT = "3-MeO-PCE", "diphenidine"
ASSAYS = (Assay("FST", "effect", "s", rises=False), Assay("open field", "side_effect", "m", rises=True))
PREDICTED = PredictedIndex(
    "ketamine", Interval(60.0, 50.0, 90.0, 0.9), Interval(12.0, 5.0, 30.0, 0.9), Interval(0.2, 0.06, 0.5, 0.9),
    None, 64, ("It is far from what was recorded.",), {"a": True, "b": False},
)  # fmt: skip


def made_answer(folder: Path, *, synthetic: bool = False) -> RankingAnswer:
    """Return an answer of three compounds told, one not, and one not ranked; its table lies in ``folder``."""
    path = folder / "compounds.csv"
    path.write_text("compound,smiles\n", encoding="utf-8")
    items = [_item(name, ed50, index) for name, (_, ed50, index) in TOLD.items()]
    unknown = replace(
        _item(OPEN, 500.0, 1.0), standing="could_not_tell", index=None, index_below=4.0, separation=None, score=None,
        p_better=None, p_best=None, p_front=None, reason="The largest dose does not reach half of the effect.",
        effect=replace(_fit("effect", 500.0), ed50=None, ed50_above=120.0, emax=None, standing="could_not_tell",
                       reason="The largest dose does not reach half of the effect.", telling_dose=600.0),
    )  # fmt: skip
    names = (*TOLD, OPEN)
    rows = tuple(
        AssayRow(name, assay.name, dose, 100.0 - 3 * place, 9.0, 8)
        for name in names for assay in ASSAYS for place, dose in enumerate((0.0, *DOSES))
    )  # fmt: skip
    ranking = Ranking(
        "µmol/kg", "ketamine", Weights(), (0.8, 0.2), (*items, unknown),
        (NextExperiment(OPEN, "effect", "FST", 600.0, 8, Interval(0.02, 0.015, 0.025, 0.95), 0.2),),
        0.1, Convergence(4, 2000, 1.004, 812.0, converged=True), 1, ("a note about the panel",), "Emax curves",
    )  # fmt: skip
    return RankingAnswer(
        path=path,
        synthetic=synthetic,
        panel=AssayPanel("µmol/kg", ASSAYS, rows),
        ranking=ranking,
        facts={name: _facts(name) for name in (*names, ABSENT)},
        not_ranked=(NotRanked(ABSENT, "no data of the effect assay"),),
        notes=("a note about the table",),
    )


def _item(name: str, ed50: float, index: float) -> CompoundIndex:
    spread = Interval(index, index / 2, index * 2, 0.9)
    effect, side_effect = _fit("effect", ed50), _fit("side_effect", ed50 * index)
    return CompoundIndex(
        name, "arylcyclohexylamines", effect, side_effect, "told", spread, None, None,
        np.log([index]), spread, Interval(np.log(index), -1.0, 2.0, 0.9), 0.9 if index > 1 else 0.1, 0.3, 0.5, None,
    )  # fmt: skip


def _fit(arm: Arm, ed50: float) -> ArmFit:
    assay = next(assay for assay in ASSAYS if assay.arm == arm)
    dose = np.geomspace(2, 240, 40)
    curve = 100 - 40 * dose / (dose + ed50)
    told = Interval(ed50, ed50 / 2, ed50 * 2, 0.9)
    return ArmFit(
        arm, assay.name, assay.unit, bool(assay.rises), (0.0, *DOSES), "told", True, told,
        None, None, Interval(-40.0, -60.0, -20.0), DoseCurve(dose, curve, curve - 9, curve + 9), None, None,
    )  # fmt: skip


def _facts(name: str) -> Facts:
    smiles = {**{each: told[0] for each, told in TOLD.items()}, OPEN: "CCNC1(CCCCC1)c1cccc(OC)c1"}.get(
        name, "C(c1ccccc1)C(c1ccccc1)N1CCCCC1"
    )
    structure = read_structure(smiles)
    assert isinstance(structure, Structure)
    doses = tuple(AssayDose(2, "FST", dose, "µmol/kg", 100.0, 9.0, 8, "lab") for dose in DOSES)
    return Facts(
        candidate=Candidate(name, 2, smiles, 2, "a paper", "", "", (), (), doses),
        structure=structure,
        relations=(),
        of_panel=Domain("inside", "ketamine", 0.6, ()),
        of_mechanism=Domain("edge", "ketamine", 0.4, ("log P 3.5, theirs 1.6 to 2.9",)),
        predicted=PREDICTED if name == "ketamine" else "not predicted: nmdar_ki_um not given",
        listings=listings_of(structure.connectivity),
    )

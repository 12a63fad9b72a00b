"""What a ranking leaves behind: ranking.json, and its compounds, structures and next experiments as tables."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from adenoscope.core.atomic import remove_partials, write_json, write_text
from adenoscope.core.interval import Interval
from adenoscope.core.parameter import load_values
from adenoscope.core.provenance import fingerprint, software
from adenoscope.core.ranking import ArmFit, CompoundIndex, NextExperiment
from adenoscope.core.structure import Domain, Structure
from adenoscope.io.scheduled import DISCLAIMER
from adenoscope.mechanism import chemical_domain
from adenoscope.mechanism.predicted_index import PredictedIndex
from adenoscope.studies.rank_compounds import Facts, RankingAnswer

JSON, TABLE, STRUCTURES, NEXT = "ranking.json", "ranking.csv", "structures.csv", "next_experiments.csv"
RESEARCH_USE = (
    "Research use only. Compounds that exist are compared by data given; none is proposed, and nothing here is a way "
    "to make one, a dose for a person, or advice."
)


def write_ranking(out: Path, answer: RankingAnswer) -> tuple[Path, ...]:
    """Write every file of a ranking into ``out``, each whole or not at all, and return their paths."""
    out.mkdir(parents=True, exist_ok=True)
    remove_partials(out)
    (out / JSON).unlink(missing_ok=True)  # written last: it says that the tables beside it are its own
    write_text(out / STRUCTURES, _csv(_structure_row(facts) for facts in answer.facts.values()))
    write_text(out / TABLE, _csv(_table_rows(answer)))
    write_text(out / NEXT, _csv(_next_row(answer, item) for item in answer.ranking.next_experiments))
    write_json(out / JSON, ranking_document(answer))
    return tuple(out / name for name in (JSON, TABLE, STRUCTURES, NEXT))


def ranking_document(answer: RankingAnswer) -> dict[str, Any]:
    """Return ``ranking.json``; the same ranking gives the same keys in the same order."""
    ranking = answer.ranking
    return {
        "schema_version": 1,
        "research_use": RESEARCH_USE,
        "synthetic": answer.synthetic,
        "software": asdict(software()),
        "inputs": [asdict(fingerprint(answer.path, answer.path.parent))],
        "seed": ranking.seed,
        "reference": ranking.reference,
        "weights": asdict(ranking.weights),
        "levels": {"effect": ranking.levels[0], "side_effect": ranking.levels[1]},
        "dose_unit": ranking.dose_unit,
        "compounds": [
            {"rank": place, **_compound(item, answer.facts[item.compound])}
            for place, item in enumerate(ranking.compounds, start=1)
        ],
        "not_ranked": [
            {"compound": item.compound, "reason": item.reason, **_beside(answer.facts[item.compound])}
            for item in answer.not_ranked
        ],
        "next_experiments": [{**asdict(item), "gain": item.gain.as_json()} for item in ranking.next_experiments],
        "at_stake": ranking.at_stake,
        "convergence": asdict(ranking.convergence),
        "scheduled": DISCLAIMER,
        "notes": [*answer.notes, *ranking.notes],
        "method": ranking.method,
        "unverified_share": unverified_share(answer),
    }


def unverified_share(answer: RankingAnswer) -> float:
    """Return the share [1] of constants behind predictions and domains whose value was not read in its source."""
    domain = {
        f"{thing}_{name}": constant.verified
        for thing, table in load_values(chemical_domain.TOPIC).items()
        for name, constant in table.items()
    }
    predicted = [facts.predicted for facts in answer.facts.values() if isinstance(facts.predicted, PredictedIndex)]
    verified = dict(domain)
    for each in predicted:
        for name, read in each.constants.items():
            verified[name] = verified.get(name, True) and read
    return 1 - sum(verified.values()) / len(verified)


def milligrams(dose: float, structure: Structure | None, dose_unit: str) -> float | None:
    """Return a dose of the panel in mg/kg; None where it is a concentration."""
    return None if structure is None or dose_unit != "µmol/kg" else dose * structure.molar_mass / 1000


def _compound(item: CompoundIndex, facts: Facts) -> dict[str, Any]:
    return {
        "compound": item.compound,
        "series": item.series,
        "standing": item.standing,
        "index": _interval(item.index),
        "index_above": item.index_above,
        "index_below": item.index_below,
        "separation": _interval(item.separation),
        "score": _interval(item.score),
        "p_better": item.p_better,
        "p_best": item.p_best,
        "p_front": item.p_front,
        "reason": item.reason,
        "effect": _arm(item.effect),
        "side_effect": _arm(item.side_effect),
        **_beside(facts),
    }


def _arm(fit: ArmFit) -> dict[str, Any]:
    return {
        "assay": fit.assay,
        "unit": fit.unit,
        "rises": fit.rises,
        "doses": list(fit.doses),
        "standing": fit.standing,
        "responded": fit.responded,
        "ed50": _interval(fit.ed50),
        "ed50_above": fit.ed50_above,
        "ed50_below": fit.ed50_below,
        "emax": _interval(fit.emax),
        "reason": fit.reason,
        "telling_dose": fit.telling_dose,
    }


def _beside(facts: Facts) -> dict[str, Any]:
    structure, predicted = facts.structure, facts.predicted
    return {
        "structure": None if structure is None else _structure(structure),
        "source": facts.candidate.source or None,
        "relations": list(facts.relations),
        "domain": {"panel": _domain(facts.of_panel), "mechanism": _domain(facts.of_mechanism)},
        "predicted": predicted if isinstance(predicted, str) else _predicted(predicted),
        "scheduled": [asdict(listing) for listing in facts.listings],
    }


def _structure(structure: Structure) -> dict[str, Any]:
    kept = {key: value for key, value in asdict(structure).items() if key not in ("features", "tautomer_key")}
    rounded = {key: round(kept[key], 3) for key in ("molar_mass", "mass_as_given", "log_p", "tpsa")}
    return {**kept, **rounded}


def _domain(found: Domain | None) -> dict[str, Any] | None:
    return None if found is None else asdict(found)


def _predicted(predicted: PredictedIndex) -> dict[str, Any]:
    return {
        "like": predicted.like,
        "index": _interval(predicted.index),
        "ed50_effect_umol_per_kg": _interval(predicted.ed50_effect),
        "ed50_side_effect_umol_per_kg": _interval(predicted.ed50_side_effect),
        "reason": predicted.reason,
        "subjects": predicted.subjects,
        "outside_validity": list(predicted.outside_validity),
        "unverified_share": 1 - sum(predicted.constants.values()) / len(predicted.constants),
    }


def _interval(interval: Interval | None) -> dict[str, float] | None:
    return None if interval is None else interval.as_json()


def _table_rows(answer: RankingAnswer) -> Iterable[dict[str, object]]:
    unit = answer.ranking.dose_unit
    for place, item in enumerate(answer.ranking.compounds, start=1):
        facts = answer.facts[item.compound]
        row: dict[str, object] = {"rank": place, "compound": item.compound, "series": item.series or ""}
        row |= {"standing": item.standing} | _bounds("index", item.index)
        row |= {"index_above": item.index_above, "index_below": item.index_below, "p_better": item.p_better}
        row |= {"p_best": item.p_best, "p_front": item.p_front, "dose_unit": unit}
        row |= _bounds("ed50_effect", item.effect.ed50) | _bounds("ed50_side_effect", item.side_effect.ed50)
        row |= {"domain": "" if facts.of_panel is None else facts.of_panel.standing}
        row |= _bounds(
            "predicted_index", facts.predicted.index if isinstance(facts.predicted, PredictedIndex) else None
        )
        yield row | {"reason": item.reason or ""}
    for item in answer.not_ranked:
        yield {"compound": item.compound, "standing": "not_ranked", "reason": item.reason}


def _bounds(name: str, interval: Interval | None) -> dict[str, object]:
    known = ("", "", "") if interval is None else (interval.estimate, interval.low, interval.high)
    return dict(zip((name, f"{name}_low", f"{name}_high"), known, strict=True))


def _structure_row(facts: Facts) -> dict[str, object]:
    row: dict[str, object] = {"compound": facts.candidate.name, "given": facts.candidate.smiles}
    structure = facts.structure
    if structure is not None:
        row |= {"smiles": structure.smiles, "inchikey": structure.inchikey, "formula": structure.formula}
        row |= {"molar_mass": round(structure.molar_mass, 3), "charge": structure.charge}
        row |= {"centres": " ".join(structure.centres), "stripped": "; ".join(structure.stripped)}
        row |= {"log_p": round(structure.log_p, 2), "tpsa": round(structure.tpsa, 1), "scaffold": structure.scaffold}
        row |= {"notes": "; ".join((*structure.notes, *facts.relations))}
    return row | {"source": facts.candidate.source}


def _next_row(answer: RankingAnswer, item: NextExperiment) -> dict[str, object]:
    mass = milligrams(item.dose, answer.facts[item.compound].structure, answer.ranking.dose_unit)
    row: dict[str, object] = {"compound": item.compound, "arm": item.arm, "assay": item.assay, "dose": item.dose}
    row |= {"dose_unit": answer.ranking.dose_unit, "dose_mg_per_kg": mass, "n": item.n}
    return row | _bounds("gain", item.gain) | {"share": item.share}


def _csv(rows: Iterable[Mapping[str, object]]) -> str:
    listed: Sequence[Mapping[str, object]] = list(rows)
    columns = list(dict.fromkeys(column for row in listed for column in row))
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows({key: "" if value is None else value for key, value in row.items()} for row in listed)
    return out.getvalue()

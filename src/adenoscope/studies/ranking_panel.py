"""Which compounds of a table can be ranked, in which assays, and with doses on one scale."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from adenoscope.core.assay_panel import Arm, AssayPanel, AssayRow
from adenoscope.core.errors import Problem
from adenoscope.core.structure import Structure
from adenoscope.io.assay_table import AssayDose, AssayTable, Candidate
from adenoscope.io.dose_units import HOUSE, Basis, basis, in_house_unit
from adenoscope.io.nearest import did_you_mean

ARMS: tuple[Arm, ...] = ("effect", "side_effect")
OPTIONS: Mapping[Arm, str] = {"effect": "--effect", "side_effect": "--side-effect"}
WORDS: Mapping[Arm, str] = {"effect": "effect", "side_effect": "side-effect"}
TIGHT = 0.04  # sd over mean, below which it may be an error of the mean: animals differ by more


@dataclass(frozen=True)
class NotRanked:
    """A compound that is listed and not ranked, with the reason."""

    compound: str
    reason: str


@dataclass(frozen=True)
class PanelOfTable:
    """The panel to rank, who is not in it and why, and sentences about the table as a whole."""

    panel: AssayPanel
    not_ranked: tuple[NotRanked, ...]
    notes: tuple[str, ...]


def choose_assays(table: AssayTable, asked: Mapping[Arm, str], problems: list[Problem]) -> Mapping[Arm, set[str]]:
    """Return which assays count in each arm, adding to ``problems`` where the table leaves a choice open."""
    chosen: dict[Arm, set[str]] = {}
    for arm in ARMS:
        names = [assay.name for assay in table.assays if assay.arm == arm]
        if asked.get(arm):
            if asked[arm] not in names:
                remedy = did_you_mean(asked[arm], names) or "name an assay as the table spells it"
                allowed = ", ".join(names) or f"a table with {WORDS[arm]} assays"
                problems.append(Problem(OPTIONS[arm], f"found `{asked[arm]}`", allowed, remedy))
            chosen[arm] = {asked[arm]}
            continue
        chosen[arm] = set(names)
        for candidate in table.candidates:
            own = sorted({dose.assay for dose in candidate.doses} & chosen[arm])
            if len(own) > 1:
                found = f"{candidate.name} has {len(own)} {WORDS[arm]} assays: {', '.join(own)}"
                remedy = f"name the one that counts with {OPTIONS[arm]}"
                problems.append(Problem(table.file, found, "one in each arm", remedy, candidate.row, "assay"))
                break
    return chosen


def build_panel(
    table: AssayTable, structures: Mapping[str, Structure], chosen: Mapping[Arm, set[str]]
) -> PanelOfTable:
    """Return the panel of those compounds that have a structure, a source, and doses in both arms."""
    arm_of: dict[str, Arm] = {name: arm for arm, names in chosen.items() for name in names}
    doses = {each.name: [dose for dose in each.doses if dose.assay in arm_of] for each in table.candidates}
    kind = _kind(list(doses.values()))
    reasons = {each.name: _reason(each, doses[each.name], arm_of, kind) for each in table.candidates}
    ranked = [each for each in table.candidates if not reasons[each.name]]
    rows = tuple(
        row for each in ranked for row in _rows(doses[each.name], each.name, structures[each.name].molar_mass)
    )
    used = {row.assay for row in rows}
    assays = tuple(assay for assay in table.assays if assay.name in used)
    panel = AssayPanel(HOUSE[kind], assays, rows, dict(_series(ranked, structures)))
    not_ranked = tuple(NotRanked(name, reason) for name, reason in reasons.items() if reason)
    return PanelOfTable(panel, not_ranked, tuple(_notes(panel)))


def _kind(doses: Sequence[Sequence[AssayDose]]) -> Basis:
    """Return whether most compounds are dosed per kg of body or by concentration."""
    kinds = [basis(own[-1].unit) for own in doses if own and own[-1].unit]
    return "concentration" if 2 * kinds.count("concentration") > len(kinds) else "body"


def _reason(candidate: Candidate, doses: Sequence[AssayDose], arm_of: Mapping[str, Arm], kind: Basis) -> str:
    """Return why a compound is not ranked; "" where it is."""
    if not candidate.smiles:
        return "no structure is given"
    if not candidate.source:
        return "its structure has no source"
    lacking = [WORDS[arm] for arm in ARMS if not any(arm_of[dose.assay] == arm for dose in doses)]
    if lacking:
        return f"no data of {' nor '.join(f'the {words} assay' for words in lacking)}"
    for arm in ARMS:
        own = {(dose.dose, dose.mean) for dose in doses if arm_of[dose.assay] == arm}
        if not any(dose > 0 for dose, _ in own):
            return f"vehicle alone was measured in the {WORDS[arm]} assay"
    if any(basis(dose.unit) != kind for dose in doses if dose.unit):
        return f"its doses are not {'per kg of body' if kind == 'body' else 'concentrations'}, as most others are"
    return ""


def _rows(doses: Sequence[AssayDose], name: str, molar_mass: float) -> Iterator[AssayRow]:
    for dose in doses:
        amount = in_house_unit(dose.dose, dose.unit, molar_mass) if dose.dose else 0.0
        yield AssayRow(name, dose.assay, amount, dose.mean, dose.sd, dose.n)


def _series(ranked: Sequence[Candidate], structures: Mapping[str, Structure]) -> Iterator[tuple[str, str]]:
    """Yield each compound's relatives: as the table says, else by scaffold, else by what it is like."""
    for each in ranked:
        scaffold = structures[each.name].scaffold
        series = each.series or scaffold or each.like
        if series:
            yield each.name, series


def _notes(panel: AssayPanel) -> Iterator[str]:
    for assay in panel.assays:
        shares = sorted(
            row.sd / abs(row.mean) for row in panel.rows if row.assay == assay.name and row.mean and row.sd
        )
        if shares and shares[len(shares) // 2] < TIGHT:
            yield (
                f"{assay.name}: half of the sd are below {100 * TIGHT:g} % of their mean, which is rare between "
                "animals. If they are errors of the mean, multiply them by √n: every interval here is too narrow."
            )
    for arm in ARMS:
        names = [assay.name for assay in panel.assays if assay.arm == arm]
        if len(names) > 1:
            yield f"The {WORDS[arm]} was not measured alike in all compounds: {', '.join(names)}."

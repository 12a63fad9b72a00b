"""A study's results as the records that they were written from."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from adenoscope.core.contrast import Contrast
from adenoscope.core.dose_response import DoseComparison, DoseResponse
from adenoscope.core.edit import Edit
from adenoscope.core.errors import InputError, Problem
from adenoscope.core.interval import Interval
from adenoscope.core.mediation import Mediation
from adenoscope.core.reading import Given, Setting
from adenoscope.core.result import InputFile, SessionResult, Software, StudyResult
from adenoscope.core.study import Session, Settings, Study
from adenoscope.core.verdict import Margin, Verdict
from adenoscope.io.results import RESULTS
from adenoscope.io.session_json import decode
from adenoscope.web.findings.document import (
    At,
    Bounds,
    ContrastEntry,
    Document,
    DoseComparisonEntry,
    DoseEntry,
    Entry,
    MediationEntry,
    RecordingEntry,
    VerdictEntry,
)

Form = TypeVar("Form", bound=Entry)
FROM_STUDY = "study.toml"  # origin of a margin that the study gave
MOST_PROBLEMS = 5
MOST_RESULTS = 32_000_000  # bytes: a thousand sessions take five


def read_results(text: bytes, folder: Path) -> StudyResult:
    """Return what the results of the study in ``folder`` say; its behaviour, questions and curves are not in them.

    Raises:
        InputError: it is no such document.
    """
    try:
        document = Document.model_validate_json(text)
    except ValidationError as error:
        raise InputError(*_problems(error)) from None
    recordings = tuple(_session(entry) for entry in document.recordings)
    contrasts = tuple(_contrast(entry) for entry in document.contrasts)
    return StudyResult(
        study=_study(document, folder, tuple(item.session for item in recordings)),
        software=Software(document.software.name, document.software.version, document.software.commit),
        inputs=tuple(InputFile(file.path, file.sha256, file.bytes) for file in document.inputs),
        sessions=recordings,
        contrasts=contrasts,
        verdicts=tuple(_verdict(entry, contrasts) for entry in document.necessity),
        doses=tuple(_dose(entry) for entry in document.dose_responses),
        dose_comparisons=tuple(_comparison(entry) for entry in document.dose_comparisons),
        mediations=tuple(_mediation(entry) for entry in document.mediations),
    )


def read_part(text: bytes, form: type[Form]) -> Form | None:
    """Return what a document of ours says that is of ``form``; None where it is another."""
    try:
        return form.model_validate_json(text)
    except ValidationError:
        return None


def _problems(error: ValidationError) -> Iterable[Problem]:
    remedy = "run the study again: its results are written anew"
    for found in error.errors(include_url=False, include_input=False, include_context=False)[:MOST_PROBLEMS]:
        place = ".".join(str(part) for part in found["loc"])
        yield Problem(
            RESULTS, f"{place}: {found['msg']}" if place else found["msg"], "what adenoscope writes", remedy
        )


def _study(document: Document, folder: Path, sessions: tuple[Session, ...]) -> Study:
    said = document.study
    handling = said.photometry.handling_s
    return Study(
        folder=folder,
        name=said.name,
        sensor=said.sensor,
        vehicle=said.vehicle,
        synthetic=document.synthetic,
        sessions=sessions,
        settings=Settings(
            _pair(said.photometry.window_s), None if handling is None else _pair(handling), said.photometry.seed
        ),
        edits=tuple(Edit(one.at, one.session, one.field, one.value, one.reason) for one in document.edits),
    )


def _session(entry: RecordingEntry) -> SessionResult:
    shared = {field.name for field in fields(Session)} - {"recording", "onsets_s", "handling_s"}
    handling = entry.asked.handling_s
    said: dict[str, Any] = {**entry.model_dump(), **entry.asked.model_dump()}
    session = Session(
        recording=Path(entry.recording),
        onsets_s=tuple(entry.intervention_s),
        handling_s=None if handling is None else _pair(handling),
        # The control column that was asked for, not the verdict on it.
        **{name: said[name] for name in shared if name in said},
    )
    return decode(entry.model_dump(), session, curve=None, parts=None)


def _contrast(entry: ContrastEntry) -> Contrast:
    return Contrast(
        readout=entry.readout,
        unit=entry.unit,
        given=Given(entry.treatment, entry.dose, entry.dose_unit),
        setting=_setting(entry),
        versus=entry.versus,
        treated=tuple((one.animal, one.value) for one in entry.treated),
        vehicle=tuple((one.animal, one.value) for one in entry.vehicle),
        design=entry.design,
        difference=_interval(entry.difference),
        reason=entry.reason,
        method=entry.method,
        p_permutation=entry.p_permutation,
    )


def _verdict(entry: VerdictEntry, contrasts: tuple[Contrast, ...]) -> Verdict:
    given = Given(entry.effect, entry.dose, entry.dose_unit)
    reference, residual = _effects(entry, given, contrasts)
    size = entry.equivalence_margin
    return Verdict(
        manipulation=entry.manipulation,
        effect=given,
        readout=entry.readout,
        unit=entry.unit,
        reference=reference,
        residual=residual,
        interaction=_interval(entry.interaction),
        residual_90=_interval(entry.residual_effect_90),
        interaction_90=_interval(entry.interaction_90),
        margin=None if size is None else Margin(size, entry.margin_from == FROM_STUDY),
        finding=entry.verdict,
        reason=entry.reason,
        animals_needed=entry.animals_needed,
        p_interaction=entry.p_interaction,
        separate_tests=entry.separate_tests_would_claim_necessity,
    )


def _effects(
    entry: VerdictEntry, given: Given, contrasts: tuple[Contrast, ...]
) -> tuple[Contrast | None, Contrast | None]:
    """Return both effects with their animals, which only the study's contrasts list."""
    if entry.setting is None:
        return None, None
    at = _setting(entry.setting)
    alike = [one for one in contrasts if one.readout == entry.readout and one.given == given]
    residual = next((one for one in alike if one.setting == at), None)
    whole = _interval(entry.reference_effect)
    others = (one for one in alike if one.difference == whole and _is_reference(one.setting, at, entry.manipulation))
    bare = Contrast(entry.readout, entry.unit, given, at, "", (), (), "unpaired", None)
    reference = next(others, None) if whole is not None else None
    return (
        reference or replace(bare, setting=_reference_setting(at, entry.manipulation), difference=whole),
        residual or replace(bare, difference=_interval(entry.residual_effect)),
    )


def _reference_setting(at: Setting, manipulation: str) -> Setting:
    if at.genotype == manipulation:
        return replace(at, genotype=Setting().genotype)
    return replace(at, pretreatment="", pretreatment_dose=None, pretreatment_unit="")


def _is_reference(candidate: Setting, at: Setting, manipulation: str) -> bool:
    """Return whether a setting differs from ``at`` in what was manipulated alone."""
    if at.genotype == manipulation:
        return candidate != at and replace(candidate, genotype=at.genotype) == at
    before = {"pretreatment": at.pretreatment, "pretreatment_dose": at.pretreatment_dose}
    return candidate != at and replace(candidate, **before, pretreatment_unit=at.pretreatment_unit) == at


def _dose(entry: DoseEntry) -> DoseResponse:
    return DoseResponse(
        readout=entry.readout,
        unit=entry.unit,
        treatment=entry.treatment,
        dose_unit=entry.dose_unit,
        setting=_setting(entry),
        readings=tuple((one.animal, one.dose, one.value) for one in entry.readings),
        **_intervals(entry, "e0", "emax", "ed50", "hill"),
        curve=None,
        p_any_effect=entry.p_any_effect,
        p_misfit=entry.p_misfit,
        reason=entry.reason,
        method=entry.method,
    )


def _comparison(entry: DoseComparisonEntry) -> DoseComparison:
    return DoseComparison(
        readout=entry.readout,
        setting=None if entry.setting is None else _setting(entry.setting),
        first=entry.first,
        second=entry.second,
        **_intervals(entry, "shift", "ceiling", "ceiling_ratio"),
        common_ceiling=entry.common_ceiling,
        reason=entry.reason,
        method=entry.method,
    )


def _mediation(entry: MediationEntry) -> Mediation:
    return Mediation(
        treatment=entry.treatment,
        mediator=entry.mediator,
        outcome=entry.outcome,
        n_treated=entry.n_treated,
        n_vehicle=entry.n_vehicle,
        **_intervals(entry, "to_mediator", "total", "direct", "indirect", "share"),
        rho_zero=entry.rho_at_which_it_vanishes,
        sensitivity=None,
        meaning=entry.meaning,
        assumptions=tuple(entry.assumptions),
        reason=entry.reason,
        method=entry.method,
        setting=Setting(genotype=entry.genotype, condition=entry.condition, pretreatment=entry.pretreatment),
    )


def _setting(at: At) -> Setting:
    return Setting(**{field.name: getattr(at, field.name) for field in fields(Setting)})


def _intervals(entry: Any, *names: str) -> Mapping[str, Interval | None]:
    return {name: _interval(getattr(entry, name)) for name in names}


def _interval(bounds: Bounds | None) -> Interval | None:
    if bounds is None:
        return None
    low, high = (
        open_side if bound is None else bound
        for bound, open_side in ((bounds.low, -math.inf), (bounds.high, math.inf))
    )
    return Interval(bounds.estimate, low, high, bounds.ci_prob)


def _pair(values: list[float]) -> tuple[float, float]:
    return values[0], values[1]

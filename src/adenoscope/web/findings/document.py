"""The form of results.json as far as the page reads it; what is not of this form is refused."""

from __future__ import annotations

import math
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from adenoscope.core.edit import Field as EditField
from adenoscope.core.response import ControlVerdict, Status
from adenoscope.core.verdict import Finding

MOST_ENTRIES = 20_000
Number = Annotated[float, Field(ge=-1e15, le=1e15)]
Probability = Annotated[float, Field(ge=0, le=1)]
Count = Annotated[int, Field(ge=0, le=10**12)]
Name = Annotated[str, Field(max_length=500)]
Words = Annotated[str, Field(max_length=5000)]


class Entry(BaseModel):
    """A JSON object: numbers are numbers, what we do not know is left out."""

    model_config = ConfigDict(strict=True, frozen=True, extra="ignore", allow_inf_nan=False)


class Bounds(Entry):
    """An interval; a side that is open has no bound."""

    estimate: Number
    low: Number | None
    high: Number | None
    ci_prob: Annotated[float, Field(gt=0, lt=1)]

    @model_validator(mode="after")
    def _in_order(self) -> Bounds:
        low, high = (-math.inf if self.low is None else self.low), (math.inf if self.high is None else self.high)
        if not low <= self.estimate <= high:
            raise ValueError("the estimate lies outside its interval")
        return self


class At(Entry):
    """Where, in whom, after what, how late."""

    region: Name = ""
    genotype: Name = "WT"
    condition: Name = ""
    pretreatment: Name = ""
    pretreatment_dose: Number | None = None
    pretreatment_unit: Name = ""
    time_h: Number | None = None


class AnimalValue(Entry):
    animal: Name
    value: Number


class ContrastEntry(At):
    readout: Name
    unit: Name
    treatment: Name
    dose: Number | None
    dose_unit: Name
    versus: Name
    difference: Bounds | None
    design: Name
    method: Words
    p_permutation: Probability | None
    reason: Words | None
    treated: Annotated[list[AnimalValue], Field(max_length=MOST_ENTRIES)]
    vehicle: Annotated[list[AnimalValue], Field(max_length=MOST_ENTRIES)]


class VerdictEntry(Entry):
    readout: Name
    unit: Name
    effect: Name
    dose: Number | None
    dose_unit: Name
    manipulation: Name
    setting: At | None
    reference_effect: Bounds | None
    residual_effect: Bounds | None
    interaction: Bounds | None
    residual_effect_90: Bounds | None
    interaction_90: Bounds | None
    equivalence_margin: Number | None
    margin_from: Name | None
    verdict: Finding
    reason: Words
    animals_needed: Count | None
    p_interaction: Probability | None
    separate_tests_would_claim_necessity: bool


class ControlEntry(Entry):
    verdict: ControlVerdict
    kappa: Bounds | None
    reason: Words


class ResponseEntry(Entry):
    window_s: Annotated[list[Number], Field(min_length=2, max_length=2)]
    mean_dff: Bounds
    auc_dff_s: Bounds | None
    peak_dff: Bounds
    time_to_peak_s: Bounds
    onset_s: Bounds | None
    half_decay_s: Bounds | None
    minimum_detectable_dff: Number | None
    placebo_dff: Bounds | None = None


class AdenosineEntry(Entry):
    identified: bool
    reason: Words
    nanomolar: Bounds | None
    assumed: dict[Name, Words]


class AskedEntry(Entry):
    pretreatment_dose: Number | None = None
    pretreatment_unit: Name = ""
    sex: Name = ""
    cohort: Name = ""
    site: Name = ""
    signal: Name = ""
    control: Name = ""
    blank: Name = ""
    exclude: Words = ""
    handling_s: Annotated[list[Number], Field(min_length=2, max_length=2)] | None = None


class FactsEntry(Entry):
    format: Name
    signal: Name
    control: Name
    n_samples: Count
    rate_hz: Number
    first_s: Number
    last_s: Number
    notes: Annotated[list[Words], Field(max_length=100)]


class RecordingEntry(Entry):
    session: Name
    animal: Name
    region: Name
    genotype: Name
    condition: Name
    pretreatment: Name
    treatment: Name
    dose: Number | None
    dose_unit: Name
    status: Status
    reason: Words | None
    cautions: Annotated[list[Words], Field(max_length=100)]
    control: ControlEntry
    response: ResponseEntry | None
    adenosine: AdenosineEntry
    recording: Name
    intervention_s: Annotated[list[Number], Field(max_length=10_000)]
    asked: AskedEntry
    facts: FactsEntry | None


class DoseReading(Entry):
    animal: Name
    dose: Number
    value: Number


class DoseEntry(At):
    readout: Name
    unit: Name
    treatment: Name
    dose_unit: Name
    e0: Bounds | None
    emax: Bounds | None
    ed50: Bounds | None
    hill: Bounds | None
    p_any_effect: Probability | None
    p_misfit: Probability | None
    reason: Words | None
    method: Words
    readings: Annotated[list[DoseReading], Field(max_length=MOST_ENTRIES)]


class DoseComparisonEntry(Entry):
    readout: Name
    setting: At | None
    first: Name
    second: Name
    shift: Bounds | None
    ceiling: Bounds | None
    ceiling_ratio: Bounds | None
    common_ceiling: Literal["compatible", "excluded", "could_not_tell"]
    reason: Words | None
    method: Words


class MediationEntry(Entry):
    genotype: Name
    condition: Name
    pretreatment: Name
    treatment: Name
    mediator: Name
    outcome: Name
    n_treated: Count
    n_vehicle: Count
    to_mediator: Bounds | None
    total: Bounds | None
    direct: Bounds | None
    indirect: Bounds | None
    share: Bounds | None
    rho_at_which_it_vanishes: Number | None
    meaning: Words | None
    assumptions: Annotated[list[Words], Field(max_length=100)]
    reason: Words | None
    method: Words


class EditEntry(Entry):
    at: Name
    session: Name
    field: EditField
    value: Words
    reason: Words


class InputEntry(Entry):
    path: Words
    sha256: Annotated[str, Field(max_length=64)]
    bytes: Count


class SoftwareEntry(Entry):
    name: Name
    version: Name
    commit: Name


class SettingsEntry(Entry):
    window_s: Annotated[list[Number], Field(min_length=2, max_length=2)]
    handling_s: Annotated[list[Number], Field(min_length=2, max_length=2)] | None
    seed: Count


class StudyEntry(Entry):
    name: Words
    sensor: Name
    vehicle: Name
    photometry: SettingsEntry


class Document(Entry):
    """The whole document."""

    schema_version: Literal[1]
    synthetic: bool
    software: SoftwareEntry
    inputs: Annotated[list[InputEntry], Field(max_length=MOST_ENTRIES)]
    edits: Annotated[list[EditEntry], Field(max_length=MOST_ENTRIES)] = []
    study: StudyEntry
    recordings: Annotated[list[RecordingEntry], Field(max_length=MOST_ENTRIES)]
    contrasts: Annotated[list[ContrastEntry], Field(max_length=2000)]
    necessity: Annotated[list[VerdictEntry], Field(max_length=2000)]
    dose_responses: Annotated[list[DoseEntry], Field(max_length=2000)] = []
    dose_comparisons: Annotated[list[DoseComparisonEntry], Field(max_length=2000)] = []
    mediations: Annotated[list[MediationEntry], Field(max_length=2000)] = []


class Inputs(Entry):
    """What a document says of the files that it was computed from; nothing else of it is looked at."""

    inputs: Annotated[list[InputEntry], Field(max_length=MOST_ENTRIES)]


class Recordings(Entry):
    """What a document says of sessions; nothing else of it is looked at."""

    recordings: Annotated[list[RecordingEntry], Field(max_length=MOST_ENTRIES)]


class Piece(Entry):
    """The document of one finished session."""

    key: Name
    files: dict[Literal["traces", "parts"], Annotated[str, Field(max_length=64)]]
    masked_s: Annotated[list[Annotated[list[Number], Field(min_length=2, max_length=2)]], Field(max_length=10_000)]
    session: RecordingEntry

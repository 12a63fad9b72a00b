"""A small study with results, made by hand: verdicts and sessions of every kind, doses and a mediation."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

from adenoscope.core.contrast import Contrast
from adenoscope.core.dose_response import DoseComparison, DoseResponse
from adenoscope.core.interval import Interval
from adenoscope.core.mediation import Mediation
from adenoscope.core.reading import Given, Setting
from adenoscope.core.response import Adenosine, Control, Estimands, Response
from adenoscope.core.result import InputFile, RecordingFacts, SessionResult, Software, StudyResult
from adenoscope.core.study import Session, Study
from adenoscope.core.verdict import Finding, Margin, Verdict
from adenoscope.io.results import write_results

NAME = "ketamine"
SOFTWARE = Software("adenoscope", "0.1.0", "")
KETAMINE = Given("ketamine", 10.0, "mg/kg")
GENOTYPES = {"WT": "w", "Adora1-KO": "k"}
FACTS = RecordingFacts("Plain CSV", "signal", "control", 40, 1.0, 0.0, 39.0)
ADENOSINE = Adenosine(False, "A trace alone does not identify adenosine.", None, (("ec50", "0.06 µM"),))
EXCLUDED = "k4_saline"
NEEDED: dict[str, int] = {"could_not_tell": 30}
REFUSAL = "The control follows the response too closely."
TOML = """name = "Ketamine and A1"
sensor = "GRAB_Ado1.0"
vehicle = "saline"
synthetic = {synthetic}
"""


def write_study(root: Path, *, synthetic: bool = True, name: str = NAME) -> Path:
    """Write a study and its results into ``root``, and return the study's folder."""
    folder = write_files(root, synthetic=synthetic, name=name)
    out = root / f"{name}-results"
    out.mkdir()
    write_results(out, a_result(folder, synthetic=synthetic))
    (out / "report.html").write_text("<!doctype html><title>Report</title><h1>The report</h1>", encoding="utf-8")
    return folder


def write_files(root: Path, *, synthetic: bool = True, name: str = NAME) -> Path:
    """Write a study without results."""
    folder = root / name
    (folder / "recordings").mkdir(parents=True)
    (folder / "study.toml").write_text(TOML.format(synthetic=str(synthetic).lower()), encoding="utf-8")
    rows = ["session,animal,treatment,recording,intervention_s,dose,dose_unit,region,genotype,condition,exclude"]
    for session in some_sessions():
        dose = "" if session.dose is None else f"{session.dose:g}"
        cells = (session.session, session.animal, session.treatment, f"{session.session}.csv", "20", dose)
        further = (session.dose_unit, session.region, session.genotype, session.condition, session.exclude)
        rows.append(",".join((*cells, *further)))
        trace = "time_s,signal,control\n" + "".join(
            f"{second},{10 + second % 3},{5 + second % 2}\n" for second in range(40)
        )
        (folder / "recordings" / f"{session.session}.csv").write_text(trace, encoding="utf-8")
    (folder / "sessions.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return folder


def a_result(folder: Path, *, synthetic: bool = True) -> StudyResult:
    """Return what the study in ``folder`` might find."""
    study = Study(folder, "Ketamine and A1", "GRAB_Ado1.0", "saline", synthetic, some_sessions())
    contrasts = (*(_contrast(genotype) for genotype in GENOTYPES), *_assay(1.0), *_assay(24.0))
    return StudyResult(
        study=study,
        software=SOFTWARE,
        inputs=tuple(_inputs(folder)),
        sessions=tuple(_answer(session, index) for index, session in enumerate(study.sessions)),
        contrasts=contrasts,
        verdicts=tuple(_verdicts(contrasts)),
        doses=(_doses(),),
        dose_comparisons=(
            DoseComparison(
                "mean_dff", _setting("WT"), "ketamine", "esketamine", Interval(0.5, 0.3, 0.9), None,
                Interval(1.1, 0.8, 1.4), "compatible", None, "Fieller",
            ),
        ),
        mediations=(_mediation(),),
    )  # fmt: skip


def some_sessions() -> tuple[Session, ...]:
    found: list[Session] = []
    for genotype, letter in GENOTYPES.items():
        for number in range(1, 5):
            animal = f"{letter}{number}"
            shared = {"onsets_s": (20.0,), "region": "mPFC", "genotype": genotype, "condition": "CRS"}
            for given in (Given("saline"), KETAMINE):
                name = f"{animal}_{given.treatment}"
                found.append(
                    Session(name, animal, given.treatment, Path(f"{name}.csv"), dose=given.dose,
                            dose_unit=given.dose_unit, **shared)  # type: ignore[arg-type]
                )  # fmt: skip
    return tuple(replace(one, exclude="the fibre came off") if one.session == EXCLUDED else one for one in found)


def _answer(session: Session, index: int) -> SessionResult:
    control = Control("usable", Interval(0.06, -0.02, 0.15), "The control carries motion and little response.")
    mean = 0.08 + 0.001 * index if session.treatment == "ketamine" else 0.001 * index
    if session.exclude:
        response = Response("refused", session.exclude, Control("unusable", None, "excluded"))
        return SessionResult(session, RecordingFacts("", "", "", 0, 0.0, 0.0, 0.0), response, ADENOSINE)
    if session.session == "k4_ketamine":
        return SessionResult(
            session, FACTS, Response("refused", REFUSAL, Control("unusable", None, REFUSAL)), ADENOSINE
        )
    interval = Interval(mean, mean - 0.02, mean + 0.02)
    estimands = Estimands(
        (0.0, 1800.0), interval, None, interval, Interval(300.0, 60.0, 900.0), None, None, 0.02, None
    )
    return SessionResult(session, FACTS, Response("estimated", None, control, (), estimands), ADENOSINE)


def _setting(genotype: str) -> Setting:
    return Setting("mPFC", genotype, "CRS")


def _contrast(genotype: str) -> Contrast:
    animals = [f"{GENOTYPES[genotype]}{number}" for number in range(1, 4)]
    return Contrast(
        "mean_dff", "", KETAMINE, _setting(genotype), "saline",
        tuple((animal, 0.08 + 0.004 * index) for index, animal in enumerate(animals)),
        tuple((animal, 0.002 * index) for index, animal in enumerate(animals)),
        "paired", Interval(0.082, 0.07, 0.094), "1 of 4 sessions gave no mean_dff.", "paired t", 0.03,
    )  # fmt: skip


def _assay(time_h: float) -> tuple[Contrast, ...]:
    found: list[Contrast] = []
    for genotype, effect in (("WT", Interval(-45.0, -57.0, -35.0)), ("Adora1-KO", Interval(2.0, -9.0, 13.0))):
        letter = GENOTYPES[genotype]
        treated = tuple((f"{letter}k{number}", 150 + effect.estimate + 4 * number) for number in range(-4, 5))
        vehicle = tuple((f"{letter}s{number}", 150.0 + 4 * number) for number in range(-4, 5))
        at = Setting(genotype=genotype, condition="CRS", time_h=time_h)
        found.append(Contrast("FST immobility", "s", KETAMINE, at, "saline", treated, vehicle, "unpaired", effect))
    return tuple(found)


def _verdicts(contrasts: tuple[Contrast, ...]) -> list[Verdict]:
    wild, knockout, fst_wild, fst_knockout, late_wild, late_knockout = contrasts
    asked: tuple[tuple[Contrast, Contrast, Interval, float, Finding], ...] = (
        (wild, knockout, Interval(0.0, -0.016, 0.016), 0.04, "not_necessary"),
        (fst_wild, fst_knockout, Interval(-47.0, -62.0, -32.0), 20.0, "necessary"),
        (late_wild, late_knockout, Interval(-47.0, -99.0, 5.0), 20.0, "could_not_tell"),
    )
    found = [
        Verdict(
            "Adora1-KO", KETAMINE, one.readout, one.unit, one, other, between, other.difference, between,
            Margin(size, True), finding, "The reason, in a sentence.", NEEDED.get(finding), 0.01,
        )
        for one, other, between, size, finding in asked
    ]  # fmt: skip
    nobody = "No animal with Adora2a-KO got ketamine and gave locomotion."
    empty = Verdict("Adora2a-KO", KETAMINE, "locomotion", "", *[None] * 6, "could_not_tell", nobody)  # type: ignore[arg-type]
    return [*found, empty]


def _doses() -> DoseResponse:
    readings = tuple(
        (f"d{dose}{number}", dose, 0.01 * dose**0.5 + 0.002 * number)
        for dose in (0.0, 3.0, 10.0)
        for number in range(4)
    )
    return DoseResponse(
        "mean_dff", "", "ketamine", "mg/kg", _setting("WT"), readings, Interval(0.0, -0.01, 0.01),
        Interval(0.1, 0.05, 0.2), Interval(6.0, 2.0, float("inf")), None, None, 0.001, None,
        "The doses do not reach the ceiling.", "profile likelihood",
    )  # fmt: skip


def _mediation() -> Mediation:
    third = Interval(-12.0, -30.0, 4.0)
    return Mediation(
        "ketamine", "mean_dff", "FST immobility", 9, 9, Interval(0.08, 0.07, 0.09), Interval(-45.0, -57.0, -35.0),
        third, third, Interval(0.3, -0.1, 0.7), 0.2, None, "Could not tell whether mean_dff carries it.",
        ("Nothing unseen moves both.",), None, "bootstrap", Setting("", "WT", "CRS"),
    )  # fmt: skip


def _inputs(folder: Path) -> list[InputFile]:
    """Return the files of a study that a run reads: not an excluded session's."""
    paths = sorted(path for path in folder.rglob("*.*") if path.is_file() and path.stem != EXCLUDED)
    return [_fingerprint(path, folder) for path in paths]


def _fingerprint(path: Path, folder: Path) -> InputFile:
    text = path.read_bytes()
    return InputFile(path.relative_to(folder).as_posix(), hashlib.sha256(text).hexdigest(), len(text))

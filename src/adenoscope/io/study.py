"""A study folder, read whole: everything that is wrong with it is said at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from adenoscope.core.errors import InputError, Problem
from adenoscope.core.study import Behaviour, Session, Study
from adenoscope.io import behaviour, compounds, sessions, study_toml
from adenoscope.io.nearest import nearest
from adenoscope.io.study_toml import Head

TABLES = (study_toml.FILE, sessions.FILE, behaviour.FILE, compounds.FILE)  # those that a study may have
RESPONSE_READOUTS = ("mean_dff", "auc_dff_s", "peak_dff")

# A table's rows with their numbers, for checks that hold for sessions and behaviour alike.
Numbered = Sequence[tuple[int, Session | Behaviour]]


@dataclass(frozen=True)
class Survey:
    """A study folder as far as it can be read, with everything that is wrong with it."""

    study: Study
    problems: tuple[Problem, ...]


def read_study(folder: Path) -> Study:
    """Return the study in ``folder``.

    Raises:
        InputError: something is wrong with it; every problem is listed.
    """
    survey = survey_study(folder)
    if survey.problems:
        raise InputError(*survey.problems)
    return survey.study


def recording_path(study: Study, session: Session) -> Path:
    """Return where a session's recording lies."""
    return study.folder / sessions.RECORDINGS / session.recording


def survey_study(folder: Path) -> Survey:
    """Return the study in ``folder`` as far as it can be read, and all its problems."""
    if not folder.is_dir():
        found = "a file" if folder.exists() else "no such folder"
        remedy = "give the path of the folder that holds study.toml"
        raise InputError(Problem(str(folder), found, "a study folder", remedy))
    problems: list[Problem] = []
    head = study_toml.read_head(folder, problems)
    has_sessions = (folder / sessions.FILE).exists()
    has_behaviour = (folder / behaviour.FILE).exists()
    if not has_sessions and not has_behaviour:
        remedy = "write sessions.csv with one row for each recording"
        found = f"neither {sessions.FILE} nor {behaviour.FILE}"
        problems.append(Problem(folder.name, found, "one of them, or both", remedy))
    session_rows = sessions.read_sessions(folder, problems) if has_sessions else []
    behaviour_rows = behaviour.read_behaviour(folder, problems) if has_behaviour else []
    compounds.look_over_compounds(folder, problems)
    study = _assemble(folder, head, [row.session for row in session_rows], [row.behaviour for row in behaviour_rows])
    numbered: tuple[tuple[str, Numbered], ...] = (
        (sessions.FILE, [(row.number, row.session) for row in session_rows]),
        (behaviour.FILE, [(row.number, row.behaviour) for row in behaviour_rows]),
    )
    for file, rows in numbered:
        problems.extend(mixed_units(file, rows))
        problems.extend(spellings(file, rows))
    problems.extend(_two_genotypes(numbered))
    problems.extend(missing_vehicle(study))
    problems.extend(_unanswerable(study))
    return Survey(study, tuple(dict.fromkeys(problems)))


def _assemble(folder: Path, head: Head, rows: Iterable[Session], measured: Iterable[Behaviour]) -> Study:
    return Study(
        folder=folder,
        name=head.name,
        sensor=head.sensor,
        vehicle=head.vehicle,
        synthetic=head.synthetic,
        sessions=tuple(rows),
        behaviour=tuple(measured),
        necessity=head.necessity,
        equivalence_margin=head.equivalence_margin,
        mediation=head.mediation,
        settings=head.settings,
        arrive=head.arrive,
    )


def mixed_units(file: str, rows: Numbered) -> Iterator[Problem]:
    """Yield each row whose dose has another unit than the first row of the same treatment."""
    yield from _disagreements(
        file,
        rows,
        "dose_unit",
        lambda row: row.treatment.casefold(),
        lambda row: row.dose_unit,
        "mixed units",
    )


def spellings(file: str, rows: Numbered) -> Iterator[Problem]:
    """Yield each row whose label differs from an earlier one in case or spacing alone."""
    for column in ("treatment", "genotype", "condition", "pretreatment", "region", "animal", "assay"):

        def label(row: Session | Behaviour, column: str = column) -> str:
            return str(getattr(row, column, ""))

        yield from _disagreements(
            file,
            rows,
            column,
            lambda row, label=label: "".join(label(row).casefold().split()),
            label,
            "two spellings",
        )


def _two_genotypes(tables: Iterable[tuple[str, Numbered]]) -> Iterator[Problem]:
    """Yield each row in which an animal has another genotype than before, in whichever table that was."""
    first: dict[str, tuple[str, str]] = {}
    for file, rows in tables:
        for number, row in rows:
            genotype, place = first.setdefault(row.animal, (row.genotype, f"{file}, row {number}"))
            if row.animal and genotype.casefold() != row.genotype.casefold():
                found = f'"{row.animal}" is "{row.genotype}" here and "{genotype}" in {place}'
                remedy = "correct the genotype, or name the animals apart"
                yield Problem(file, found, "one genotype for each animal", remedy, number, "genotype")


def _disagreements(
    file: str,
    rows: Numbered,
    column: str,
    group: Callable[[Session | Behaviour], str],
    value: Callable[[Session | Behaviour], str],
    name: str,
) -> Iterator[Problem]:
    first: dict[str, tuple[str, int]] = {}
    for number, row in rows:
        found = value(row)
        if not found or not group(row):
            continue
        earlier, place = first.setdefault(group(row), (found, number))
        if found != earlier:
            said = f'{name}: "{found}" here, "{earlier}" in row {place}'
            of = f' for "{row.treatment}"' if column == "dose_unit" else ""
            yield Problem(file, said, f"one {column}{of} throughout", "write all rows alike", number, column)


def missing_vehicle(study: Study) -> Iterator[Problem]:
    """Yield a problem where no session that is included got the study's vehicle."""
    treatments = {session.treatment for session in study.sessions if not session.exclude and session.treatment}
    if study.vehicle and treatments and study.vehicle not in treatments:
        meant = nearest(study.vehicle, treatments)
        remedy = f'did you mean "{meant}"?' if meant else "record vehicle sessions, or name the treatment that is it"
        found = f'vehicle: no session has the treatment "{study.vehicle}"'
        yield Problem(study_toml.FILE, found, f"one of {', '.join(sorted(treatments))}", remedy)


def _unanswerable(study: Study) -> Iterator[Problem]:
    """Yield each question of necessity about something that the study does not hold."""
    rows = (*study.sessions, *study.behaviour)
    treatments = {row.treatment for row in rows}
    manipulations = {row.genotype for row in rows} | {row.pretreatment for row in rows if row.pretreatment}
    assays = {row.assay for row in study.behaviour}
    readouts = (set(RESPONSE_READOUTS) if study.sessions else set[str]()) | assays
    for index, question in enumerate(study.necessity, start=1):
        place = f"necessity[{index}]"
        yield from _unheld(f"{place}.effect", (question.effect,), treatments, "a treatment")
        yield from _unheld(
            f"{place}.manipulation", (question.manipulation,), manipulations, "a genotype or pretreatment"
        )
        yield from _unheld(f"{place}.readouts", question.readouts, readouts, "a readout or an assay")
    for index, asked in enumerate(study.mediation, start=1):
        place = f"mediation[{index}]"
        yield from _unheld(f"{place}.treatment", (asked.treatment,), treatments, "a treatment")
        yield from _unheld(f"{place}.mediator", (asked.mediator,), readouts, "a readout or an assay")
        yield from _unheld(f"{place}.outcome", (asked.outcome,), readouts, "a readout or an assay")
    yield from _unheld(
        "equivalence_margin",
        [name for name, _ in study.equivalence_margin],
        readouts,
        "a readout or an assay",
    )


def _unheld(key: str, names: Iterable[str], held: set[str], kind: str) -> Iterator[Problem]:
    for name in names:
        if name and held and name not in held:
            meant = nearest(name, held)
            remedy = f'did you mean "{meant}"?' if meant else "add its rows, or take the question out"
            found = f'{key}: no row holds "{name}"'
            yield Problem(study_toml.FILE, found, f"{kind} of the study: {', '.join(sorted(held))}", remedy)

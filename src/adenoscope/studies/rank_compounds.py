"""Compounds of a table ranked by how far apart effect and side effect are, with all that belongs beside the numbers.

Only structures that somebody made, with a source and assay data, are ranked; none is proposed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from adenoscope.core.assay_panel import AssayPanel
from adenoscope.core.errors import InputError, Problem, Refused
from adenoscope.core.ranking import Ranking, Weights
from adenoscope.core.structure import Domain, Structure
from adenoscope.io.assay_table import AssayTable, Candidate, survey_assay_table
from adenoscope.io.nearest import did_you_mean
from adenoscope.io.scheduled import Listing, listings_of
from adenoscope.mechanism.chemical_domain import domain
from adenoscope.mechanism.compounds import plain_name
from adenoscope.mechanism.predicted_index import PredictedIndex
from adenoscope.statistics.separation.rank import rank_compounds as rank_panel
from adenoscope.studies.candidate_structures import known_structures, read_structures, relations
from adenoscope.studies.predict_candidates import predict_candidates, prediction_problems
from adenoscope.studies.progress import Progress, ignore
from adenoscope.studies.ranking_panel import NotRanked, build_panel, choose_assays

DEFAULT_REFERENCE = "ketamine"
SYNTHETIC = "synthetic"  # how an assay's source begins where its numbers are simulated
SUBJECTS = 64


@dataclass(frozen=True)
class Question:
    """What is asked of a table; a text is empty where the table leaves no choice, or for the default."""

    reference: str = ""
    effect: str = ""
    side_effect: str = ""
    effect_weight: float = 1.0
    side_effect_weight: float = 1.0
    subjects: int = SUBJECTS
    seed: int = 1


@dataclass(frozen=True, eq=False)
class Facts:
    """What is known of a compound beside its assays, ranked or not.

    ``relations``: sentences about others of the table. ``of_panel`` and ``of_mechanism``: how near its structure is
    to those that are ranked, and to those that the mechanism was built on; None without a structure. ``predicted``
    is the mechanism's index, or why there is none.
    """

    candidate: Candidate
    structure: Structure | None
    relations: tuple[str, ...]
    of_panel: Domain | None
    of_mechanism: Domain | None
    predicted: PredictedIndex | str
    listings: tuple[Listing, ...]


@dataclass(frozen=True, eq=False)
class RankingAnswer:
    """The ranking of a table's compounds, what is known of each by name, and who is not ranked and why."""

    path: Path
    synthetic: bool
    panel: AssayPanel
    ranking: Ranking
    facts: Mapping[str, Facts]
    not_ranked: tuple[NotRanked, ...]
    notes: tuple[str, ...]


def rank_compounds(path: Path, question: Question, *, progress: Callable[[Progress], None] = ignore) -> RankingAnswer:
    """Return the compounds of a table, ranked.

    Raises:
        InputError: the table or the question is wrong; every problem is listed.
        Refused: no compound can be ranked, or no honest ranking was found.
    """
    progress(Progress("reading structures", 0, 1, ""))
    problems: list[Problem] = []
    table = survey_assay_table(path, problems)
    structures = read_structures(table.file, table.candidates, problems)
    problems += prediction_problems(table.file, table.candidates, structures)
    chosen = choose_assays(table, {"effect": question.effect, "side_effect": question.side_effect}, problems)
    weights = _weights(question, problems)
    if problems or weights is None:
        raise InputError(*sorted(problems, key=lambda problem: problem.row or 0))
    found = build_panel(table, structures, chosen)
    reference = _reference(question.reference, table, found.not_ranked)
    ranking = _ranked(path, found.panel, reference, weights, question.seed, progress)
    predicted = predict_candidates(
        table.candidates,
        structures,
        question.subjects,
        question.seed,
        lambda done, total: progress(Progress("predicting", done, total, "compounds")),
    )
    related = relations(structures)
    in_panel = {item.compound: structures[item.compound] for item in ranking.compounds}
    return RankingAnswer(
        path=path,
        synthetic=any(dose.source.lower().startswith(SYNTHETIC) for each in table.candidates for dose in each.doses),
        panel=found.panel,
        ranking=ranking,
        facts={
            each.name: _facts(
                each, structures.get(each.name), related.get(each.name, ()), in_panel, predicted[each.name]
            )
            for each in table.candidates
        },
        not_ranked=found.not_ranked,
        notes=found.notes,
    )


def _weights(question: Question, problems: list[Problem]) -> Weights | None:
    try:
        return Weights(question.effect_weight, question.side_effect_weight)
    except ValueError:
        found = f"found {question.effect_weight:g} and {question.side_effect_weight:g}"
        allowed = "two finite numbers, 0 or above, not both 0"
        remedy = "a weight below 0 would reward side effects; leave the options out to rank by the index"
        problems.append(Problem("--effect-weight, --side-effect-weight", found, allowed, remedy))
        return None


def _reference(asked: str, table: AssayTable, not_ranked: tuple[NotRanked, ...]) -> str:
    """Return the compound that others are compared with, as the table spells it."""
    reasons = {item.compound: item.reason for item in not_ranked}
    ranked = [each.name for each in table.candidates if each.name not in reasons]
    if not ranked:
        lines = [f"{name}: {reason}." for name, reason in reasons.items()]
        raise Refused("\n".join([f"No compound of {table.file} can be ranked.", *lines]))
    name = asked or DEFAULT_REFERENCE
    spelt = {plain_name(each.name): each.name for each in table.candidates}.get(plain_name(name), "")
    if spelt in ranked:
        return spelt
    found = f"{spelt}, which is not ranked: {reasons[spelt]}" if spelt else f"no compound `{name}` in {table.file}"
    remedy = did_you_mean(name, ranked) or "name one of them with --reference"
    raise InputError(Problem("--reference", found, ", ".join(ranked), remedy))


def _ranked(
    path: Path,
    panel: AssayPanel,
    reference: str,
    weights: Weights,
    seed: int,
    progress: Callable[[Progress], None],
) -> Ranking:
    try:
        ranking = rank_panel(
            panel,
            reference=reference,
            weights=weights,
            seed=seed,
            progress=lambda stage, done, total: progress(Progress(stage, done, total, "")),
        )
    except ValueError as error:  # the last line of defence of the statistics
        raise Refused(f"{path.name} cannot be ranked: {error}") from error
    if not ranking.convergence.converged:
        raise Refused(
            f"{path.name}: the ranking did not settle (R-hat {ranking.convergence.worst_r_hat:.2f}); nothing was "
            "written. Another --seed may do; doses that bracket each half effect will."
        )
    return ranking


def _facts(
    candidate: Candidate,
    structure: Structure | None,
    related: tuple[str, ...],
    in_panel: Mapping[str, Structure],
    predicted: PredictedIndex | str,
) -> Facts:
    others = {name: other for name, other in in_panel.items() if name != candidate.name}
    return Facts(
        candidate=candidate,
        structure=structure,
        relations=related,
        of_panel=None if structure is None else domain(structure, others),
        of_mechanism=None if structure is None else domain(structure, known_structures()),
        predicted=predicted,
        listings=() if structure is None else listings_of(structure.connectivity),
    )

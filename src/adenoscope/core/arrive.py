"""The ARRIVE guidelines 2.0: what a report of an animal study owes its reader, item by item, in our own words.

Source: Percie du Sert et al. (2020), doi:10.1371/journal.pbio.3000410; the Essential 10 (22 points) and the
Recommended Set (16 points).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ArriveStatus = Literal["answered", "incomplete", "missing"]


@dataclass(frozen=True)
class ArriveItem:
    """One point of the guidelines; ``keys`` are those of ``[arrive]`` in study.toml that answer it."""

    number: str
    topic: str
    asks: str
    keys: tuple[str, ...] = ()

    @property
    def essential(self) -> bool:
        return int(self.number.rstrip("abcd")) <= 10


@dataclass(frozen=True)
class ArriveAnswer:
    """What a study says to one point: ``found`` from its folder, ``stated`` in study.toml; ``lacking`` keys."""

    item: ArriveItem
    found: tuple[str, ...]
    stated: tuple[tuple[str, str], ...]
    lacking: tuple[str, ...]

    @property
    def status(self) -> ArriveStatus:
        if not self.lacking:
            return "answered"
        return "incomplete" if self.found or self.stated else "missing"


ARRIVE_ITEMS = (
    ArriveItem("1a", "Study design", "the groups compared, controls among them"),
    ArriveItem("1b", "Study design", "what counts as one experimental unit"),
    ArriveItem("2a", "Sample size", "how many units in each group, and how many animals in all"),
    ArriveItem("2b", "Sample size", "how these numbers were decided", ("sample_size",)),
    ArriveItem(
        "3a", "Inclusion and exclusion", "the criteria, and whether they were set beforehand", ("exclusion_criteria",)
    ),
    ArriveItem("3b", "Inclusion and exclusion", "what was left out, and why"),
    ArriveItem("3c", "Inclusion and exclusion", "the exact n of each group in each analysis"),
    ArriveItem("4a", "Randomisation", "whether and how animals were allocated at random", ("randomisation",)),
    ArriveItem(
        "4b", "Randomisation", "how order, cage, batch and other confounders were dealt with", ("confounders",)
    ),
    ArriveItem("5", "Blinding", "who knew the allocation, at which stage", ("blinding",)),
    ArriveItem("6a", "Outcome measures", "everything that was measured, and how it is defined"),
    ArriveItem("6b", "Outcome measures", "which outcome was the primary one", ("primary_outcome",)),
    ArriveItem("7a", "Statistical methods", "the methods of each analysis, and the software"),
    ArriveItem("7b", "Statistical methods", "what is assumed of the data, and what if it does not hold"),
    ArriveItem(
        "8a",
        "Experimental animals",
        "species, strain, sex, age, and weight where it matters",
        ("species", "strain", "age"),
    ),
    ArriveItem(
        "8b", "Experimental animals", "source, health, genetics, and what was done to them before", ("provenance",)
    ),
    ArriveItem("9a", "Experimental procedures", "what was done, how, and with what", ("procedures",)),
    ArriveItem("9b", "Experimental procedures", "when, and how often", ("timing",)),
    ArriveItem("9c", "Experimental procedures", "where, and how animals got used to the place", ("place",)),
    ArriveItem("9d", "Experimental procedures", "why it was done so", ("rationale",)),
    ArriveItem("10a", "Results", "for each group a summary with its spread"),
    ArriveItem("10b", "Results", "effect sizes with intervals"),
    ArriveItem("11", "Abstract", "aims, animals, methods, findings and conclusions in brief", ("abstract",)),
    ArriveItem("12a", "Background", "what was known, and why this study", ("background",)),
    ArriveItem("12b", "Background", "why this species and model can answer the question", ("model",)),
    ArriveItem("13", "Objectives", "the question, aims and hypotheses", ("objectives",)),
    ArriveItem("14", "Ethical statement", "who approved the work, and under which number", ("ethics",)),
    ArriveItem("15", "Housing and husbandry", "cages, company, light, food, enrichment", ("housing",)),
    ArriveItem("16a", "Animal care", "what was done against pain and distress", ("welfare",)),
    ArriveItem("16b", "Animal care", "adverse events, expected or not", ("adverse_events",)),
    ArriveItem("16c", "Animal care", "humane endpoints, which signs were watched, how often", ("humane_endpoints",)),
    ArriveItem("17a", "Interpretation", "what the results mean beside theory and other work", ("interpretation",)),
    ArriveItem("17b", "Interpretation", "limits: bias, model, imprecision", ("limitations",)),
    ArriveItem("18", "Generalisability", "whether this holds in other species and conditions", ("generalisability",)),
    ArriveItem(
        "19", "Protocol registration", "whether a protocol was written before, and where it is", ("registration",)
    ),
    ArriveItem("20", "Data access", "where the data are", ("data_access",)),
    ArriveItem("21a", "Declarations", "conflicts of interest, or that there are none", ("conflicts",)),
    ArriveItem("21b", "Declarations", "who paid, and what part they had", ("funding",)),
)

# Every key that [arrive] of study.toml may hold, with what to write there.
ARRIVE_KEYS: tuple[tuple[str, str], ...] = (
    ("sample_size", "how the number of animals was decided, with the calculation if there was one"),
    ("exclusion_criteria", "what makes an animal, session or value not count, and whether that was set beforehand"),
    ("randomisation", "whether and how animals were allocated at random; say so if they were not"),
    ("confounders", "how order of treatment, cage, batch and time of day were balanced"),
    ("blinding", "who knew the groups during allocation, experiment, scoring and analysis"),
    ("primary_outcome", "the readout for which the study was planned, or that it is exploratory"),
    ("species", "for example mouse"),
    ("strain", "strain and substrain, for example C57BL/6J"),
    ("sex", "only where the tables do not give it for each animal"),
    ("age", "age or developmental stage at the experiment"),
    ("weight", "weight range, where it matters"),
    ("provenance", "supplier or colony, health status, genetic modification, earlier procedures"),
    ("procedures", "surgery, virus, fibre, anaesthesia, routes, formulations, apparatus"),
    ("timing", "when in the day and in which order, how often, how long apart"),
    ("place", "home cage or laboratory, and how animals were used to it"),
    ("rationale", "why these doses, times, tests and models"),
    ("abstract", "where the abstract stands, or the abstract itself"),
    ("background", "what was known and why the study was made"),
    ("model", "why this species and model can answer the question"),
    ("objectives", "question, aims, hypotheses"),
    ("ethics", "committee, licence or protocol number"),
    ("housing", "cages, company, light, food, enrichment"),
    ("welfare", "analgesia and other steps against pain and distress"),
    ("adverse_events", "what happened to animals, expected or not"),
    ("humane_endpoints", "signs watched, how often, and when an animal was to be killed"),
    ("interpretation", "where the discussion stands, or a summary of it"),
    ("limitations", "bias, limits of the model, imprecision"),
    ("generalisability", "to which species and conditions the findings may extend"),
    ("registration", "where the protocol was registered before the study, or that it was not"),
    ("data_access", "where the data can be had"),
    ("conflicts", "conflicts of interest, or that there are none"),
    ("funding", "who paid, with grant numbers, and their part in the study"),
)

"""The public surface: what other code may import, pinned, so that a change is a decision."""

from __future__ import annotations

import importlib
import inspect
import pkgutil

import pytest

PACKAGES = {
    "adenoscope": [],
    "adenoscope.cli": ["main"],
    "adenoscope.core": [],
    "adenoscope.inference": [
        *("Evaluation", "Fit", "FitParameter", "FitProblem", "Measurement", "Observable", "Progress", "Search"),
        *("evaluate", "fit_problem", "read_petab", "write_petab"),
    ],
    "adenoscope.io": [],
    "adenoscope.photometry": [],
    "adenoscope.mechanism": [],
    "adenoscope.report": [],
    "adenoscope.simulation": [
        *(
            "Change",
            "Failure",
            "Lognormal",
            "Model",
            "Sensitivities",
            "Trajectories",
            "model_from_text",
            "read_model",
        ),
    ],
    "adenoscope.statistics": [],
    "adenoscope.studies": [],
    "adenoscope.web": ["serve"],
}
NOUNS = {
    "arrive": ["ArriveAnswer", "ArriveItem"],
    "assay_panel": ["Assay", "AssayPanel", "AssayRow"],
    "behaviour_record": ["Bout", "Events", "Measure", "Measures", "Origin", "Track"],
    "contrast": ["Contrast"],
    "curve_contrast": ["CurveContrast"],
    "dose_response": ["DoseComparison", "DoseCurve", "DoseResponse"],
    "edit": ["Edit"],
    "errors": ["AdenoscopeError", "InputError", "Problem", "Refused", "input_error"],
    "hypoxia_design": ["HypoxiaDesign", "Limits", "Objective", "Range"],
    "interval": ["Interval"],
    "mediation": ["Mediation", "MediationSensitivity"],
    "occupancy": ["OccupancyDesign"],
    "parameter": ["Parameter", "load_values"],
    "people": ["People", "Population"],
    "protocol": ["Breath", "Dose", "Gene", "Light", "OwnCompound", "Protocol", "Shock"],
    "ranking": ["ArmFit", "CompoundIndex", "Convergence", "NextExperiment", "Ranking", "Weights"],
    "reading": ["Given", "Reading", "Setting"],
    "recording": ["Channels", "Recording", "Trace"],
    "response": ["Adenosine", "Control", "Curve", "Estimands", "FittedParts", "Response"],
    "result": ["InputFile", "RecordingFacts", "SessionResult", "Software", "StudyResult"],
    "trial": [
        *("Analysis", "Arm", "Assumption", "Blinding", "Criterion", "Dropout", "Endpoint", "Looks", "Published"),
        *("Purpose", "Reestimation", "Trial"),
    ],
    "schedule": ["Breach", "Override", "Preset", "Schedule"],
    "structure": ["Domain", "Structure"],
    "study": ["Behaviour", "MediationQuestion", "NecessityQuestion", "Plan", "Session", "Settings", "Study"],
    "verdict": ["Margin", "Verdict"],
}
VERBS = [
    "io.structures.molecule.read_structure",
    "mechanism.chemical_domain.domain",
    "mechanism.predicted_index.predict_index",
    "mechanism.cohort.draw_subjects",
    "mechanism.occupancy.adenosine_share",
    "mechanism.occupancy.antagonist_share",
    "mechanism.occupancy.freed_ki",
    "mechanism.occupancy.pet_share",
    "photometry.sensor.estimate_adenosine",
    "mechanism.envelope.schedule_breaches",
    "statistics.rank_sensitivity.rank_sensitivity",
    "studies.design_hypoxia.design_hypoxia",
    "simulation.read_model",
    "simulation.model_from_text",
    "studies.trials.engagement.engage",
    "studies.trials.link.link_draws",
    "studies.trials.outcomes.outcomes",
    "studies.trials.people.draw_people",
    "studies.trials.retrodict.retrodict",
    "statistics.effects.contrasts.group_contrasts",
    "statistics.doses.dose_comparison.compare_dose_responses",
    "statistics.doses.dose_response.fit_dose_response",
    "statistics.mediation.mediate",
    "statistics.curves.curve_contrasts.effect_curve",
    "statistics.curves.functional.curve_band",
    "statistics.curves.trial_curve.trial_contrast",
    "statistics.mixed.fit.fit_mixed",
    "statistics.trials.ancova.ancova_difference",
    "statistics.trials.imputation.imputed_differences",
    "statistics.trials.mmrm.fit_mmrm",
    "statistics.trials.mmrm.mmrm_difference",
    "statistics.trials.responder.responder_difference",
    "statistics.separation.rank.rank_compounds",
]


def defined_in(module_name: str) -> list[str]:
    module = importlib.import_module(module_name)
    return sorted(
        name
        for name, thing in vars(module).items()
        if not name.startswith("_")
        and (inspect.isclass(thing) or inspect.isroutine(thing))
        and getattr(thing, "__module__", None) == module_name
    )


@pytest.mark.parametrize("package", sorted(PACKAGES))
def test_a_package_exports_what_is_written_here_and_nothing_else(package: str) -> None:
    assert sorted(getattr(importlib.import_module(package), "__all__", [])) == PACKAGES[package]


@pytest.mark.parametrize("module", sorted(NOUNS))
def test_the_nouns_are_the_ones_written_here(module: str) -> None:
    assert defined_in(f"adenoscope.core.{module}") == NOUNS[module]


def test_every_file_of_the_core_is_written_here() -> None:
    core = importlib.import_module("adenoscope.core")
    # These read and write files, find versions, compile; they hold no noun.
    verbs = {"provenance", "atomic", "machine_code", "threads"}
    assert {module.name for module in pkgutil.iter_modules(core.__path__)} == set(NOUNS) | verbs


@pytest.mark.parametrize("noun", [f"{module}.{name}" for module, names in NOUNS.items() for name in names])
def test_every_noun_says_what_it_is(noun: str) -> None:
    module, name = noun.split(".")
    thing = getattr(importlib.import_module(f"adenoscope.core.{module}"), name)
    assert inspect.getdoc(thing)


@pytest.mark.parametrize("verb", VERBS)
def test_a_public_verb_is_where_it_was_and_says_what_it_returns(verb: str) -> None:
    module, name = verb.rsplit(".", 1)
    function = getattr(importlib.import_module(f"adenoscope.{module}"), name)
    assert (inspect.getdoc(function) or "").startswith(("Return", "Write", "Read", "Raise"))

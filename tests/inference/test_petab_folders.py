"""PEtab folders: what is written is accepted by petab's validator and read back the same; what is broken is named."""

import dataclasses

import numpy as np
import pytest
from conversion import make_problem, measured, parameter

from adenoscope.core.errors import InputError, Refused
from adenoscope.inference import FitParameter, Measurement, Observable, evaluate, read_petab, write_petab
from adenoscope.inference.problem import formulas
from adenoscope.inference.problem.priors import Prior


def full_problem():
    """Return a problem with something in every column."""
    return make_problem(
        [
            *measured([0.0, 1.0], [0.9, 0.5], observable_parameters=(2.0, "shift"), noise_parameters=("sd",)),
            Measurement("other", "c", 3.0, 0.2, preequilibration="before"),
        ],
        parameters=[
            parameter("k2", 0.6, prior=Prior("parameterScaleNormal", 0.0, 1.0), start=Prior("logNormal", 0.0, 1.0)),
            FitParameter("shift", 0.25, -5.0, 5.0),
            FitParameter("sd", 0.5, 0.01, 10.0, scale="log", estimated=False),
        ],
        observables=[
            Observable("seen", "observableParameter1_seen * A + observableParameter2_seen", "noiseParameter1_seen"),
            Observable("other", "B + 0.1", "0.3", "log10", "laplace", label="what is left, and a tenth"),
        ],
        conditions={"c": {"k1": 0.8}, "before": {"k1": 0.1, "B": 1.0}},
    )


def test_a_problem_comes_back_as_it_was_written(tmp_path):
    problem = full_problem()
    again = read_petab(write_petab(tmp_path, problem))
    for field in ("name", "parameters", "observables", "measurements", "conditions"):
        assert getattr(again, field) == getattr(problem, field)


def test_its_likelihood_stays_the_same(tmp_path):
    problem = full_problem()
    again = read_petab(write_petab(tmp_path, problem))
    before, after = (evaluate(each, each.nominal).log_likelihood[0] for each in (problem, again))
    assert np.isfinite(before)
    assert after == before


def test_a_problem_that_petab_would_refuse_is_refused_with_all_its_complaints(tmp_path):
    broken = dataclasses.replace(
        full_problem(), parameters=(FitParameter("k2", 0.6, 5.0, 1.0), FitParameter("shift", 0.25, -5.0, 5.0))
    )
    with pytest.raises(InputError) as caught:
        write_petab(tmp_path, broken)
    assert len(caught.value.problems) >= 1


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        read_petab(tmp_path / "absent.yaml")
    path = write_petab(tmp_path, full_problem())
    (tmp_path / "observables.tsv").unlink()
    with pytest.raises(InputError, match="observables"):
        read_petab(path)


def test_without_petab_it_is_said_how_to_install_it(tmp_path, monkeypatch):
    path = write_petab(tmp_path, full_problem())
    monkeypatch.setattr(formulas, "find_spec", lambda name: None)
    with pytest.raises(InputError, match=r"adenoscope\[petab\]"):
        read_petab(path)


def test_another_version_is_refused_by_name(tmp_path):
    path = write_petab(tmp_path, full_problem())
    path.write_text(path.read_text(encoding="utf-8").replace("format_version: 1", "format_version: 2.0.0"))
    with pytest.raises(Refused, match="version 2"):
        read_petab(path)


def test_what_is_not_yaml_is_said_so(tmp_path):
    path = tmp_path / "problem.yaml"
    path.write_text("a: [1", encoding="utf-8")
    with pytest.raises(InputError, match="YAML"):
        read_petab(path)

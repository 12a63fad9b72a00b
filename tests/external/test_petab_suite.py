"""Every case of the PEtab test suite, version 1: likelihood, chi2 and simulations within its own tolerances.

Source: github.com/PEtab-dev/petab_test_suite, v1.0.0.
"""

import csv

import pytest
import yaml
from petab_suites import CASES, needs_cases

from adenoscope.inference import evaluate, read_petab

pytestmark = needs_cases
NUMBERS = sorted(path.name for path in CASES.iterdir()) if CASES.is_dir() else []


@pytest.mark.parametrize("number", NUMBERS)
def test_a_case_agrees_within_the_suites_tolerance(number):
    folder = CASES / number
    solution = yaml.safe_load((folder / f"_{number}_solution.yaml").read_text(encoding="utf-8"))
    problem = read_petab(folder / f"_{number}.yaml")
    ours = evaluate(problem, problem.nominal)
    assert ours.log_likelihood[0] == pytest.approx(solution["llh"], abs=solution["tol_llh"])
    assert ours.chi2[0] == pytest.approx(solution["chi2"], abs=solution["tol_chi2"])
    for name in solution["simulation_files"]:
        with (folder / name).open(encoding="utf-8", newline="") as file:
            simulated = [float(line["simulation"]) for line in csv.DictReader(file, delimiter="\t")]
        assert ours.simulated[0] == pytest.approx(simulated, abs=solution["tol_simulations"])


def test_no_case_is_missing():
    assert len(NUMBERS) == 20

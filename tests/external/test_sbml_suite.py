"""Every case of the SBML Test Suite: simulated within its own tolerance, or refused by name.

Source: Keating et al. (2020), Mol Syst Biol 16:e9110, doi:10.15252/msb.20199110, and sbml.org's SBML Test Suite.
"""

import pytest
from sbml_suite import (
    KNOWN_FAILURES,
    disagreement,
    is_supported,
    model_path,
    needs_suite,
    numbers,
    read_case,
    simulate,
)

from adenoscope.core.errors import Refused
from adenoscope.simulation import read_model

pytestmark = needs_suite
SUPPORTED = [number for number in numbers() if is_supported(number)]
UNSUPPORTED = sorted(set(numbers()) - set(SUPPORTED))


def marked(number):
    failing = [pytest.mark.xfail(reason=KNOWN_FAILURES[number])] if number in KNOWN_FAILURES else []
    return pytest.param(number, marks=failing)


@pytest.mark.parametrize("number", [marked(number) for number in SUPPORTED])
def test_a_case_agrees_within_the_suites_tolerance(number):
    case = read_case(number)
    assert disagreement(case, simulate(number, case)) == ""


@pytest.mark.parametrize("number", UNSUPPORTED)
def test_a_case_beyond_us_is_refused_by_name(number):
    with pytest.raises(Refused, match="is not supported"):
        read_model(model_path(number))

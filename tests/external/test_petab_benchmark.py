"""Published fitting problems: the likelihood of their parameters, and finding those again from random starts.

Source: Hass et al. (2019), Bioinformatics 35:3073, doi:10.1093/bioinformatics/btz020, and
github.com/Benchmarking-Initiative/Benchmark-Models-PEtab.
"""

import pytest
from petab_suites import PUBLISHED, needs_problems, problem_path, recover, row

from adenoscope.inference import evaluate, read_petab, write_petab

pytestmark = needs_problems
# Rounds within which the fit finds the published optimum, or a better one, from 20 random starts (seed 1). With 0 the
# starts find it on their own, before any learns from another; so they do for Boehm and Sneyd. For Perelson that says
# little: the published noise is 100000 decades, and anything is better.
RECOVERED: dict[str, int] = {
    "Bachmann_MSB2011": 0,
    "Boehm_JProteomeRes2014": 5,
    "Crauste_CellSystems2017": 10,
    "Fujita_SciSignal2010": 12,
    "Perelson_Science1996": 0,
    "Rahman_MBS2016": 0,
    "Raia_CancerResearch2011": 4,
    "Sneyd_PNAS2002": 2,
    "Zheng_PNAS2012": 0,
}
# Why the others are not found again; the table of petab_suites.py has them too.
NOT_RECOVERED: dict[str, str] = {
    "Borghans_BiophysChem1997": "an oscillator: the best of 20 starts is -61.32 after 20 rounds, published -83.32",
    "Elowitz_Nature2000": "an oscillator: the best of 20 starts is -62.16 after 20 rounds, published -63.20",
    "Weber_BMC2015": "a neighbouring optimum: the best of 20 starts is 297.13 after 20 rounds, published 296.20",
}


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_likelihood_at_the_published_parameters_is_the_published_one(name):
    problem = read_petab(problem_path(name))
    ours = evaluate(problem, problem.nominal)
    assert ours.failures == ()
    assert ours.log_likelihood[0] == pytest.approx(PUBLISHED[name], rel=1e-3)


@pytest.mark.parametrize("name", ["Boehm_JProteomeRes2014", "Weber_BMC2015"])
def test_a_problem_that_we_write_has_the_same_likelihood(name, tmp_path):
    problem = read_petab(problem_path(name))
    again = read_petab(write_petab(tmp_path, problem))
    before, after = (evaluate(each, each.nominal).log_likelihood[0] for each in (problem, again))
    assert after == before


@pytest.mark.slow
@pytest.mark.parametrize("name", RECOVERED)
def test_the_published_optimum_is_found_again_from_random_starts(name):
    recovery = recover(name, RECOVERED[name])
    print(row(recovery))
    assert recovery.is_recovered


def test_every_problem_is_accounted_for():
    assert sorted({*RECOVERED, *NOT_RECOVERED}) == sorted(PUBLISHED)

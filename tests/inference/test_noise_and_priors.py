"""Densities against scipy's, on every scale."""

import numpy as np
import pytest
from scipy import stats

from adenoscope.inference.likelihood.noise import log_density as noise_density
from adenoscope.inference.problem.priors import Prior, log_density, quantile
from adenoscope.inference.problem.scales import SCALES, from_scale, to_scale

MEASURED, SIMULATED, NOISE = np.array([0.3, 2.0, 7.0]), np.array([0.4, 1.5, 9.0]), np.array([0.2, 0.5, 1.5])


def test_a_normal_measurement_has_the_normal_density():
    expected = stats.norm(SIMULATED, NOISE).logpdf(MEASURED)
    assert noise_density(MEASURED, SIMULATED, NOISE, "lin", "normal") == pytest.approx(expected)


def test_a_laplace_measurement_has_the_laplace_density():
    expected = stats.laplace(SIMULATED, NOISE).logpdf(MEASURED)
    assert noise_density(MEASURED, SIMULATED, NOISE, "lin", "laplace") == pytest.approx(expected)


def test_on_the_log_scale_it_has_the_log_normal_density():
    expected = stats.lognorm(NOISE, scale=SIMULATED).logpdf(MEASURED)
    assert noise_density(MEASURED, SIMULATED, NOISE, "log", "normal") == pytest.approx(expected)


@pytest.mark.parametrize("distribution", ["normal", "laplace"])
def test_decades_are_the_log_scale_in_another_unit(distribution):
    ln10 = np.log(10.0)
    decades = noise_density(MEASURED, SIMULATED, NOISE, "log10", distribution)
    assert decades == pytest.approx(noise_density(MEASURED, SIMULATED, NOISE * ln10, "log", distribution))


def test_what_has_no_logarithm_is_impossible():
    assert noise_density(MEASURED, -SIMULATED, NOISE, "log10", "normal").tolist() == [-np.inf] * 3


@pytest.mark.parametrize("scale", SCALES)
def test_scales_go_back_and_forth(scale):
    assert from_scale(to_scale(MEASURED, scale), scale) == pytest.approx(MEASURED)


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("uniform", stats.uniform(0.1, 4.9)),
        ("normal", stats.norm(0.1, 5.0)),
        ("laplace", stats.laplace(0.1, 5.0)),
        ("logNormal", stats.lognorm(5.0, scale=np.exp(0.1))),
    ],
)
def test_a_prior_is_of_the_parameter_as_it_is(kind, expected, scale):
    density = log_density(Prior(kind, 0.1, 5.0), to_scale(MEASURED, scale), scale)
    assert density == pytest.approx(expected.logpdf(MEASURED))


def test_a_prior_on_the_parameters_scale_is_of_that():
    density = log_density(Prior("parameterScaleNormal", 0.0, 2.0), to_scale(MEASURED, "log10"), "log10")
    assert density == pytest.approx(stats.norm(0.0, 2.0).logpdf(np.log10(MEASURED)))


def test_quantiles_cover_the_prior_between_the_bounds():
    prior = Prior("normal", 3.0, 1.0)
    shares = np.linspace(0.05, 0.95, 7)
    values = from_scale(quantile(prior, shares, np.log10(2.0), np.log10(5.0), "log10"), "log10")
    inside = stats.truncnorm(-1.0, 2.0, loc=3.0)
    assert inside.cdf(values) == pytest.approx(shares)

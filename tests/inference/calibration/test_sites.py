"""Where the brake is: hypotheses are weighed by the rows, and a row that was made up decides as it should."""

from dataclasses import replace

import numpy as np
import pytest

from adenoscope.inference.calibration.sites import SWITCHES, compare_sites
from adenoscope.inference.predict.mitochondria import METABOLITES, SITES, predict_enrichment
from adenoscope.studies.shipped import shipped_observations


def test_every_hypothesis_has_a_weight_and_the_best_comes_first():
    sites = compare_sites(shipped_observations())
    assert {site.name for site in sites} == set(SITES)
    assert sum(site.weight for site in sites) == pytest.approx(1)
    assert sites == sorted(sites, key=lambda site: -site.weight)


@pytest.mark.parametrize("truth", ["pyruvate entry", "alpha-ketoglutarate dehydrogenase"])
def test_rows_made_by_a_hypothesis_do_not_speak_against_it(truth):
    rows = [o for o in shipped_observations() if o.readout in METABOLITES]
    switched = {name: np.array([float(name in SITES[truth])]) for name in SWITCHES}
    made = predict_enrichment(rows, switched)[0]
    told = [replace(o, mean=value, low=value - 0.02, high=value + 0.02) for o, value in zip(rows, made, strict=True)]
    assert compare_sites(told)[0].name == truth

"""Which doses of a study make a curve, and which curves are compared."""

from __future__ import annotations

import numpy as np

from adenoscope.core.reading import Given, Reading, Setting
from adenoscope.statistics.doses.study_doses import dose_comparisons, dose_responses

DOSES = (2.0, 5.0, 10.0, 20.0, 40.0)


def readings(treatment: str, ed50: float, genotype: str = "WT", doses: tuple[float, ...] = DOSES) -> list[Reading]:
    rng = np.random.default_rng(round(ed50 * 10))
    found = []
    for dose in (0.0, *doses):
        given = Given(treatment, dose, "mg/kg") if dose else Given("saline")
        for mouse in range(8):
            value = 40 * dose**2 / (ed50**2 + dose**2) + rng.normal(0, 3)
            name = f"{genotype}-{treatment if dose else 'saline'}-{dose}-{mouse}"
            found.append(Reading("rearing", "1", name, value, given, Setting(genotype=genotype)))
    return found


def test_three_doses_make_a_curve_and_two_do_not() -> None:
    few = [r for r in readings("ketamine", 8.0) if r.given.dose in (None, 5.0, 20.0)]
    assert dose_responses(few, "saline") == ()
    (response,) = dose_responses(readings("ketamine", 8.0), "saline")
    assert response.ed50 is not None
    assert not response.ed50.excludes(8.0)
    assert {dose for _, dose, _ in response.readings} == {0.0, *DOSES}


def test_curves_are_compared_that_differ_in_one_thing_alone() -> None:
    study = [
        *readings("ketamine", 8.0),
        *[r for r in readings("deschloroketamine", 4.0) if r.given.treatment != "saline"],
        *readings("ketamine", 8.5, "Adora1-KO"),
    ]
    found = {(item.first, item.second): item for item in dose_comparisons(dose_responses(study, "saline"))}
    assert set(found) == {("deschloroketamine", "ketamine"), ("ketamine (WT)", "ketamine (Adora1-KO)")}
    potency = found["deschloroketamine", "ketamine"].shift
    assert potency is not None
    assert not potency.excludes(2.0)
    assert found["ketamine (WT)", "ketamine (Adora1-KO)"].setting is None

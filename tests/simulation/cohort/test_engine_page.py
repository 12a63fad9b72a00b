"""What the page about the engine shows and promises."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from written_models import written

from adenoscope.core.errors import Refused
from adenoscope.simulation import model_from_text

PAGE = (Path(__file__).parents[3] / "docs" / "how-to" / "engine.md").read_text(encoding="utf-8")


def test_the_example_runs(capsys):
    (example,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    names = {}
    exec(example, names)
    assert names["found"].values.shape == (1000, 97, 2)
    assert names["slopes"].values.shape == (1, 3, 1, 2)
    assert names["found"]["bound"].max() > 0.5
    assert capsys.readouterr().out.endswith("[]\n")


def test_what_it_links_to_is_there():
    for target in re.findall(r"\]\(([^)]+)\)", PAGE):
        assert (Path(__file__).parents[3] / "docs" / "how-to" / target).exists()


def test_the_error_is_about_the_tolerance_as_its_table_says(qsp):
    rows = [[float(cell) for cell in row] for row in re.findall(r"\| (1e-\d+) \| (\S+) \| (\d+) \|", PAGE)]
    times = np.linspace(0, 1440, 49)
    options = {"observables": tuple(sorted(qsp.system.rates)), "n_subjects": 1}
    exact = qsp.simulate(times, rtol=1e-11, atol=1e-14, **options).values[0]
    scale = 1e-3 * np.abs(exact).max(axis=0) + np.abs(exact)
    for rtol, error, steps in rows[:5]:
        found = qsp.simulate(times, rtol=rtol, atol=rtol / 1000, **options)
        # Other times and another subject: three times as good or as bad.
        assert np.abs((found.values[0] - exact) / scale).max() < 3 * error
        assert found.steps[0] == pytest.approx(steps, rel=0.3)


def test_what_it_calls_unsupported_is_refused():
    sbml = (
        written("x = 1; x' = -x").sbml.replace("<rateRule", "<algebraicRule").replace("</rateRule", "</algebraicRule")
    )
    with pytest.raises(Refused, match=r"(?i)algebraic"):
        model_from_text(re.sub(r"<algebraicRule[^>]*>", "<algebraicRule>", sbml))


def test_equality_with_a_state_is_not_looked_for():
    model = written("x = 0; a = 0; b = 0; x' = 1\nat x == 1.234567: a = 1\nat x >= 2.345678: b = 1")
    assert model.simulate([0, 0.7, 3], observables=["a", "b"]).values[0, -1].tolist() == [0, 1]

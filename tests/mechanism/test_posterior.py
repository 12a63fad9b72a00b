"""The posterior that ships: its draws are of the mechanism's constants, or it is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from adenoscope.core.errors import Refused
from adenoscope.mechanism import posterior
from adenoscope.mechanism.cohort import known_constants
from adenoscope.mechanism.pieces import constants
from adenoscope.mechanism.posterior import load_posterior

PROVENANCE = "used = ['a']\nr_hat = [1.01, 1.2, 1.1]\n"


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of a posterior that ships in the place of ours."""
    folder = tmp_path / "values" / "posterior"
    folder.mkdir(parents=True)
    monkeypatch.setattr(posterior, "files", lambda _: tmp_path)
    monkeypatch.setattr(posterior, "load_posterior", posterior.load_posterior.__wrapped__)
    return folder


def test_what_ships_is_of_constants_of_the_mechanism_that_are_not_known_for_certain() -> None:
    found = load_posterior()
    known = {**known_constants("mouse"), **constants("mitochondria", "mouse")}
    assert found.draws
    assert {values.shape for values in found.draws.values()} == {(found.n_draws,)}
    for name, values in found.draws.items():
        assert known[name].low < known[name].high, name
        assert values.min() > 0, name
        assert values.min() < values.max(), name
    assert found.worst_r_hat == max(found.provenance["r_hat"])


def test_draws_are_read_by_name_with_how_they_were_made(shipped: Path) -> None:
    (shipped / "posterior.toml").write_text(PROVENANCE)
    (shipped / "posterior_draws.csv").write_text("adk_km,ent_km\n1.0,2.0\n3.0,4.0\n5.0,6.0\n")
    found = posterior.load_posterior()
    assert found.draws["ent_km"].tolist() == [2.0, 4.0, 6.0]
    assert (found.n_draws, found.worst_r_hat) == (3, 1.2)


def test_none_at_all_is_refused(shipped: Path) -> None:
    with pytest.raises(Refused, match="no posterior ships"):
        posterior.load_posterior()


def test_one_of_another_model_is_refused(shipped: Path) -> None:
    (shipped / "posterior.toml").write_text(PROVENANCE)
    (shipped / "posterior_draws.csv").write_text("adk_km,phlogiston\n1.0,2.0\n")
    with pytest.raises(Refused, match="calibrate anew"):
        posterior.load_posterior()

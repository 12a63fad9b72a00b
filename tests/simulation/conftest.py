"""What tests of the engine share: the model of 31 states, where it is beside the checkout."""

from __future__ import annotations

from pathlib import Path

import pytest

from adenoscope.simulation import read_model

QSP = Path(__file__).parents[3] / "shared" / "evidence" / "engine" / "qsp.ant"


@pytest.fixture(scope="session")
def qsp():
    if not QSP.exists():
        pytest.skip(f"the model of 31 states is not beside the checkout: {QSP}")
    return read_model(QSP)

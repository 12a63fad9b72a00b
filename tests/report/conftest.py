"""The result that most tests of the report look at."""

from __future__ import annotations

import pytest
from made_results import a_whole_result

from adenoscope.core.result import StudyResult


@pytest.fixture(scope="session")
def whole_result() -> StudyResult:
    """A study with a session of every kind, and contrasts of every kind."""
    return a_whole_result()

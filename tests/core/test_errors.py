"""Errors teach: where, what was found, what is allowed, what to do."""

from __future__ import annotations

import pytest

from adenoscope.core.errors import AdenoscopeError, InputError, Problem, Refused, input_error


def test_a_problem_says_where_what_allowed_and_remedy() -> None:
    problem = Problem("sessions.csv", "dose is 'ten'", "a number", "write 10", row=3, column="dose")
    assert str(problem) == (
        "sessions.csv, row 3, column dose: dose is 'ten'\n  allowed: a number\n  remedy:  write 10"
    )


@pytest.mark.parametrize(
    ("row", "column", "where"),
    [
        (None, None, "a.csv"),
        (2, None, "a.csv, row 2"),
        (None, "dose", "a.csv, column dose"),
        (0, "", "a.csv, row 0, column "),
    ],
)
def test_a_place_names_only_what_is_known(row: int | None, column: str | None, where: str) -> None:
    assert Problem("a.csv", "found", "allowed", "remedy", row, column).where == where


def test_an_input_error_lists_every_problem_at_once() -> None:
    problems = [Problem("a.csv", f"problem {i}", "none", "mend it", row=i) for i in range(1, 4)]
    error = InputError(*problems)
    assert error.problems == tuple(problems)
    assert all(f"problem {i}" in str(error) for i in range(1, 4))


def test_the_short_form_is_the_error_of_one_problem() -> None:
    error = input_error("a.csv", found="no rows", allowed="one row or more", remedy="add a session")
    assert error.problems == (Problem("a.csv", "no rows", "one row or more", "add a session"),)


@pytest.mark.parametrize("kind", [InputError, Refused])
def test_every_error_raised_on_purpose_has_one_base(kind: type[Exception]) -> None:
    assert issubclass(kind, AdenoscopeError)


def test_wrong_input_and_honest_refusal_are_never_mistaken_for_each_other() -> None:
    assert not issubclass(InputError, Refused)
    assert not issubclass(Refused, InputError)

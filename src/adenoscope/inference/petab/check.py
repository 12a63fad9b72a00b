"""PEtab's own validator, with every problem that it finds as one of ours."""

from __future__ import annotations

import logging
import warnings
from pathlib import Path
from typing import Any

from adenoscope.core.errors import InputError, Problem, Refused, input_error
from adenoscope.inference.problem.formulas import require_petab


class Complaints(logging.Handler):
    """Collects what the validator says."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.errors: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.levelno >= logging.ERROR:
            self.errors.append(" ".join(record.getMessage().split()))


def load_checked(path: Path) -> Any:
    """Return petab's own problem from a YAML file.

    Raises:
        InputError: a file is missing or broken; every problem is listed.
        Refused: the problem needs what is not supported.
    """
    if not path.is_file():
        raise input_error(path, found="no such file", allowed="a PEtab problem in YAML", remedy="check the path")
    with warnings.catch_warnings():
        # petab reads its tables with options that pandas is about to drop.
        warnings.simplefilter("ignore")
        require_petab(path)
        import petab.v1 as petab
        from petab.v1.lint import lint_problem

        _refuse(path, petab)
        try:
            problem: Any = petab.Problem.from_yaml(path)
        except (OSError, ValueError, KeyError, TypeError, AssertionError) as error:
            raise input_error(
                path, found=f"{error}", allowed="a PEtab problem, version 1", remedy="mend the file that it names"
            ) from None
        _check(path, problem, lint_problem)
    return problem


def _refuse(path: Path, petab: Any) -> None:
    try:
        document: Any = petab.yaml.load_yaml(path)
    except Exception as error:
        raise input_error(path, found=f"{error}", allowed="YAML", remedy="mend the file") from None
    version = str(document.get("format_version", "")) if isinstance(document, dict) else ""
    if not version.startswith("1"):
        raise Refused(f"{path.name}: PEtab version {version or 'unknown'} is not supported: write it as version 1")
    if petab.yaml.is_composite_problem(document):
        raise Refused(f"{path.name}: several models in one problem are not supported: fit them one by one")


def _check(path: Path, problem: Any, lint_problem: Any) -> None:
    complaints = Complaints()
    logger = logging.getLogger("petab")
    propagate = logger.propagate
    logger.addHandler(complaints)
    logger.propagate = False
    try:
        failed = lint_problem(problem)
    finally:
        logger.removeHandler(complaints)
        logger.propagate = propagate
    if failed:
        found = complaints.errors or ["the validator of petab refuses it"]
        allowed, remedy = "what PEtab 1.0 describes", "mend the table"
        raise InputError(*(Problem(path.name, each, allowed, remedy) for each in found))

"""From text to libsbml's document: read without the slow consistency check, which others do better."""

from __future__ import annotations

from typing import Any

import libsbml

from adenoscope.core.errors import InputError, Problem, input_error
from adenoscope.simulation.sbml.document.refuse import refuse_elements, refuse_packages


def read_document(text: str, file: str) -> Any:
    """Return the document.

    Raises:
        InputError: the text is not SBML.
        Refused: it needs a package or an element that is not supported.
    """
    document = libsbml.readSBMLFromString(text)
    refuse_packages(document)
    errors = [document.getError(i) for i in range(document.getNumErrors())]
    problems = [_problem(error, file) for error in errors if error.getSeverity() >= libsbml.LIBSBML_SEV_ERROR]
    if problems:
        raise InputError(*problems)
    if document.getModel() is None:
        raise input_error(file, found="no model", allowed="a document with one model", remedy="export it again")
    refuse_elements(document.getModel())
    return document


def _problem(error: Any, file: str) -> Problem:
    found = " ".join(error.getMessage().split())
    allowed = "SBML Level 2 or 3"
    return Problem(file, found, allowed, "export the model again, or mend this line", row=error.getLine())

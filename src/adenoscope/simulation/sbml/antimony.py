"""Antimony, a language in which models are written by hand, put into SBML by the package of that name."""

from __future__ import annotations

import re
from typing import Any

from adenoscope.core.errors import input_error


def antimony_to_sbml(text: str, *, file: str = "model") -> str:
    """Return the SBML text of a model written in Antimony: its last model, with all submodels put in.

    Raises:
        InputError: with Antimony's message and the row it names.
    """
    import antimony as _antimony  # a C library of tens of MB, which most models do not need

    antimony: Any = _antimony
    antimony.clearPreviousLoads()
    if antimony.loadAntimonyString(text) < 0:
        message = antimony.getLastError()
        row = re.search(r"line (\d+)", message)
        found = re.sub(r"^Error in .*?line \d+:\s*", "", " ".join(message.split()))
        raise input_error(
            file,
            found=found,
            allowed="a model in Antimony",
            remedy="mend this row; see the Antimony reference at tellurium.readthedocs.io",
            row=int(row.group(1)) if row else None,
        )
    return antimony.getSBMLString(antimony.getMainModuleName())

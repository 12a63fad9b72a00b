"""The process of science made ready before anybody asks: machine code loaded, models composed, subjects drawn."""

from __future__ import annotations

from contextlib import suppress

SUBJECTS = 128  # as many as the page asks for, so that they are drawn before


def warm_science() -> None:
    """Compose both species' mechanism and simulate a little, so that the first slider moves as fast as the next."""
    from adenoscope.core.errors import AdenoscopeError
    from adenoscope.web.science.hypoxia import preview_bytes as hypoxia
    from adenoscope.web.science.mechanism import preview_bytes as mechanism

    given = {"at_s": 60, "compound": "ketamine", "dose": 10.0, "unit": "mg/kg", "route": "ip"}
    bouts = {"fio2": 0.16, "bout_s": 60, "rest_s": 60, "bouts": 1}
    with suppress(AdenoscopeError):  # whoever asks is told
        for species, give in (("mouse", [given]), ("human", [])):
            mechanism({"species": species, "duration_s": 600, "subjects": SUBJECTS, "give": give})
            hypoxia({"species": species, "subjects": SUBJECTS, **bouts})

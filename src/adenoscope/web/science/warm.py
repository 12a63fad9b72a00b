"""The process of science made ready before anybody asks: machine code loaded, models composed, subjects drawn."""

from __future__ import annotations

from contextlib import suppress


def warm_science() -> None:
    """Compose both species' mechanism and simulate a little, so that the first slider moves as fast as the next."""
    from adenoscope.core.errors import AdenoscopeError
    from adenoscope.web.science.hypoxia import preview_bytes as hypoxia
    from adenoscope.web.science.mechanism import preview_bytes as mechanism

    with suppress(AdenoscopeError):  # whoever asks is told
        for species in ("mouse", "human"):
            mechanism({"species": species, "duration_s": 600, "subjects": 128})
            hypoxia({"species": species, "fio2": 0.16, "bout_s": 60, "rest_s": 60, "bouts": 1, "sessions": 1})

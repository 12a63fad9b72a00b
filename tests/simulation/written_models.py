"""Small models, written in the test that uses them."""

from __future__ import annotations

from adenoscope.simulation import model_from_text


def written(body):
    """Return a model from the lines of its body in Antimony."""
    return model_from_text(f"model m()\n{body}\nend\n")

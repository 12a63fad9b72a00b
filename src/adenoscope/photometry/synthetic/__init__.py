"""Simulated recordings with the truth beside them; never to be shown as measured."""

from adenoscope.photometry.synthetic.recording import Simulated, simulate
from adenoscope.photometry.synthetic.scenarios import SCENARIOS, Scenario

__all__ = ["SCENARIOS", "Scenario", "Simulated", "simulate"]

"""Verdicts of necessity, and the studies that would allow them."""

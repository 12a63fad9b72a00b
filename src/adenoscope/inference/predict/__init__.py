"""Observations as the mechanism would give them: protocols, curves, and what is read off them."""

"""Contrasts between groups, with the animal as the unit."""

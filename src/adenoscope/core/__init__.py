"""Nouns, units and errors; imports nothing of ours."""

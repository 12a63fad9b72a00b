"""Fitting models to measurements."""

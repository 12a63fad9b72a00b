"""Fitting problems as PEtab folders, version 1: read, checked, and written."""

from adenoscope.inference.petab.read import read_petab

__all__ = ["read_petab"]

"""Fitting problems as PEtab folders, version 1: read, checked, and written."""

from adenoscope.inference.petab.read import read_petab
from adenoscope.inference.petab.write import write_petab

__all__ = ["read_petab", "write_petab"]

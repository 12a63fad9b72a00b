"""Doses: Emax curves with the animal as the unit, and how two of them differ."""

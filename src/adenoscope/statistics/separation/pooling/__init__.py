"""Emax curves of relatives in one model, and draws of its posterior."""

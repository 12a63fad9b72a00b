"""Curves: whole-trace contrasts with bands that hold at all times at once."""

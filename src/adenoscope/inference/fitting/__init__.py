"""Descents from many starts, and what starts learn from each other."""

"""Trials in virtual people."""

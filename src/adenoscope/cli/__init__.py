"""The command line."""

from adenoscope.cli.app import main

__all__ = ["main"]

"""The page: studies, recordings, the mechanism and hypoxia in a browser, served to this machine alone."""

from adenoscope.web.server import serve

__all__ = ["serve"]

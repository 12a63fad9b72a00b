"""Rodas5P over lanes: the method, the driver that refills lanes and restarts at events, and its fallback."""

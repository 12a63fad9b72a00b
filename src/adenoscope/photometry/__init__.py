"""From fluorescence to a response with an interval."""

"""One file for each question people ask."""

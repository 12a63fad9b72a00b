"""From what a model says to what is to be computed, in which order, and where each number lies."""

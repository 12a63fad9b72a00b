"""The mechanism beside what was observed: how each observation is predicted, fitted, and held against the model."""

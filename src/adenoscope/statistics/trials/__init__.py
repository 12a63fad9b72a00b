"""Analyses of randomised trials with visits, for many replicates of a trial at once."""

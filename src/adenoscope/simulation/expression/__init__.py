"""Expressions as a graph in which equal parts are one node, with derivatives and evaluation."""

"""Linear mixed models with one grouping factor, for many responses that share a design."""

"""Models in SBML or Antimony, read into a ``System``: one idea of the standard in each file."""

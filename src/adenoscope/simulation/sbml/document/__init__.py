"""A document in SBML: parsed, refused where it asks for too much, and taken apart into small records."""

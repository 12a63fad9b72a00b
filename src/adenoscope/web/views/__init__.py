"""One file for each view: its page, and what its script asks for."""

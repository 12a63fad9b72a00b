"""The mechanism fitted to observations and held against them: posterior, chains, profiles, refutation."""

"""From parameter vectors to the likelihood of measurements, all vectors in one call of the engine."""

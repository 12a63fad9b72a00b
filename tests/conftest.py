"""What every test shares: property tests draw the same examples each time and have no clock to race."""

from hypothesis import settings

settings.register_profile("adenoscope", deadline=None, derandomize=True)
settings.load_profile("adenoscope")

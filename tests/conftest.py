"""What every test shares: one thread for each process, and property tests that draw the same examples each time."""

import os

# Tests run in several processes already; libraries look at this when imported.
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")

from hypothesis import settings  # noqa: E402

# No clock to race: machines that run tests are busy.
settings.register_profile("adenoscope", deadline=None, derandomize=True)
settings.load_profile("adenoscope")

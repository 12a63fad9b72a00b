"""The calibration as a PEtab folder: which observations and which software it is from, said in its README."""

from __future__ import annotations

from pathlib import Path

from adenoscope.core.provenance import sha256_of, software
from adenoscope.inference.calibration.folder.write import Calibration, make_calibration, write_calibration
from adenoscope.inference.calibration.posterior import make_target
from adenoscope.inference.predict.observations import read_observations
from adenoscope.inference.problem.formulas import require_petab
from adenoscope.studies.shipped import observations_file


def export_calibration(folder: Path) -> Calibration:
    """Write the observations that ship, the mouse's mechanism and its priors to ``folder``, and return what is there.

    Raises:
        InputError: petab is not installed.
    """
    require_petab(folder)
    with observations_file() as shipped:
        observations, digest = read_observations(shipped), sha256_of(shipped)
    made = software()
    provenance = {
        "made by": f"{made.name} {made.version}" + (f", commit {made.commit}" if made.commit else ""),
        "from": f"values/observations.csv, SHA-256 {digest}",
    }
    calibration = make_calibration(make_target(observations))
    write_calibration(folder, calibration, provenance)
    return calibration

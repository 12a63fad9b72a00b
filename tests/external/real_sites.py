"""The light paths of the real recordings outside the repository, and the recordings themselves."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from adenoscope.io.recordings import read_recording

DATA = Path(__file__).parents[2] / ".." / "shared" / "data" / "photometry"
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason="the real recordings lie outside the repository")

IBL = "ibl_NPM/version_1/_neurophotometrics_fpData.raw.pqt"
PHAT = "PhAT_NPM/Sample2_NPM_1fiber.csv"
PPD = "pyPhotometry_Akam/m17-R-2018-12-12-090409.ppd"
KATE = "katemartian_csv/example.csv"
REGIONS = ("0R", "1G", "2R", "3R", "4G", "5R", "6G")


class Site(NamedTuple):
    """One light path of a file, as sessions.csv names it."""

    name: str
    file: str
    site: str
    signal: str
    control: str


SITES = (
    *(Site(f"ibl-{region}", IBL, f"Region{region}", "470", "415") for region in REGIONS),
    Site("phat-0R", PHAT, "Region0R", "560", "415"),
    Site("phat-1G", PHAT, "Region1G", "470", "415"),
    Site("ppd", PPD, "", "analog_1", "analog_2"),
    Site("kate", KATE, "", "470", "410"),
)
LENGTH_S = {IBL: 2898.0, PHAT: 365.0, PPD: 3648.0, KATE: 360.0}


@cache
def recording(file):
    return read_recording(DATA / file)

"""NWB: read photometry out of any NWB file, and write one session's whole answer into one."""

from adenoscope.io.nwb.read import read_nwb
from adenoscope.io.nwb.write import write_nwb

__all__ = ["read_nwb", "write_nwb"]

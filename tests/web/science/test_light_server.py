"""The server itself never loads what simulates or draws: that is for the process of science."""

from __future__ import annotations

import subprocess
import sys

HEAVY = ("numba", "llvmlite", "matplotlib", "scipy", "antimony", "h5py", "pynwb")
ASK = f"""
import sys
import adenoscope.web.server
print(sorted(set({HEAVY!r}) & set(sys.modules)))
"""


def test_the_server_loads_nothing_heavy() -> None:
    said = subprocess.run([sys.executable, "-c", ASK], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"

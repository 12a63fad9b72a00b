"""Write ``uv.toml``: the exact version of every package that ``uv run`` installs (decision 0001).

Run with ``python docs/pin.py`` after a change of dependencies; it resolves anew and freezes the result.
"""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[1]
HEADER = "# Every package at its tested version; written by docs/pin.py (docs/decisions/0001).\n"


def main() -> None:
    (ROOT / "uv.toml").unlink(missing_ok=True)
    (ROOT / "uv.lock").unlink(missing_ok=True)
    options = ["--all-extras", "--all-groups", "--no-hashes", "--no-emit-project", "--no-annotate"]
    command = ["uv", "export", *options]
    exported = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    pins = [line for line in exported.splitlines() if re.match(r"[A-Za-z0-9]", line)]
    entries = "".join(f'  "{pin.replace(chr(34), chr(39))}",\n' for pin in pins)
    (ROOT / "uv.toml").write_text(f"{HEADER}constraint-dependencies = [\n{entries}]\n", encoding="utf-8")


if __name__ == "__main__":
    main()

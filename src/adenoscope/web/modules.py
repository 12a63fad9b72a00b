"""Which modules a page's script is made of: named in the page, they are fetched side by side and not one by one."""

from __future__ import annotations

import posixpath
import re
from functools import cache
from pathlib import Path

SCRIPTS = Path(__file__).parent / "static" / "js"
_IMPORT = re.compile(r"""^(?:import|export)\s[^;]*?from\s+["'](\.[^"']+)["']""", re.MULTILINE)


@cache
def modules_of(name: str) -> tuple[str, ...]:
    """Return a module of ours and all that it imports, by name below ``static/js``, itself first."""
    found: dict[str, None] = {}
    waiting = [name]
    while waiting:
        module = waiting.pop(0)
        if module not in found:
            found[module] = None
            text = (SCRIPTS / module).read_text(encoding="utf-8")
            waiting += [
                posixpath.normpath(posixpath.join(posixpath.dirname(module), one)) for one in _IMPORT.findall(text)
            ]
    return tuple(found)

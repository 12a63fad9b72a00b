"""The README keeps its promises, and no tracked file says where it was made or where packages come from."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
TEST = "python3 -m pip install uv && uv run pytest"
DEMO = "python3 -m pip install uv && uv run adenoscope demo"

# In pieces, so that this file does not contain what it forbids.
HOSTS = [
    "py" + "pi.org",
    "python" + "hosted.org",
    "npm" + "js.org",
    "ana" + "conda.org",
    "npm" + "mirror.com",
]
FOLDERS = "|".join(["home", "root", "wo" + "rk", "Users", "opt", "mnt", "scratch"])
MACHINE_PATH = re.compile(rf"(?<![\w.:/<>~*-])/(?:{FOLDERS})/\w|[A-Z]:\\\\?Users")


def tracked() -> list[Path]:
    command = ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode != 0:
        pytest.skip("not a git checkout, so which files are tracked is not known")
    return [path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file()]


def texts() -> dict[str, str]:
    found: dict[str, str] = {}
    for path in tracked():
        content = path.read_bytes()
        if b"\0" not in content:
            found[str(path.relative_to(ROOT))] = content.decode("utf-8", errors="replace")
    return found


def test_the_readme_is_short() -> None:
    assert len(README.splitlines()) < 80


@pytest.mark.parametrize("command", [DEMO, TEST])
def test_the_readme_gives_the_command(command: str) -> None:
    assert command in README.splitlines()


def test_the_readme_says_what_it_cannot_tell_and_whom_it_is_not_for() -> None:
    assert "cannot tell" in README
    assert "Research use only" in README


def test_every_file_the_papers_link_to_exists() -> None:
    for paper in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]:
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", paper.read_text(encoding="utf-8")):
            if "://" not in target:
                assert (paper.parent / target).exists(), f"{paper.relative_to(ROOT)} links to {target}"


def test_continuous_integration_runs_the_command_of_the_readme() -> None:
    script = ROOT / ".ci" / "run"
    assert TEST in script.read_text(encoding="utf-8").splitlines()
    assert script.stat().st_mode & 0o111, "not executable"


def test_no_tracked_file_names_a_package_registry() -> None:
    named = {name: [host for host in HOSTS if host in text] for name, text in texts().items()}
    assert not {name: hosts for name, hosts in named.items() if hosts}


def test_no_tracked_file_holds_a_path_of_someones_machine() -> None:
    named = {name: MACHINE_PATH.findall(text) for name, text in texts().items()}
    assert not {name: paths for name, paths in named.items() if paths}


@pytest.mark.parametrize("folder", ["home", "root", "Users", "opt"])
def test_a_path_of_someones_machine_is_recognised_and_an_address_or_a_share_is_not(folder: str) -> None:
    assert MACHINE_PATH.search(f'open("/{folder}/me/data.csv")')
    assert not MACHINE_PATH.search(f"https://example.com/{folder}/me and signal/{folder}/x")


def test_no_tracked_file_is_too_large_to_be_written_by_hand_or_drawn() -> None:
    assert not [path.name for path in tracked() if path.stat().st_size > 1_000_000]

"""Nothing here makes a structure: no reaction, no enumeration, no assembly from fragments, and no other way in."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "adenoscope"
READERS = {"io/structures/molecule.py", "io/structures/drawing.py"}
ALLOWED = {
    "rdkit.Chem",
    "rdkit.rdBase",
    "rdkit.Chem.rdCIPLabeler",
    "rdkit.Chem.rdDepictor",
    "rdkit.Chem.rdFingerprintGenerator",
    "rdkit.Chem.rdMolDescriptors",
    "rdkit.Chem.rdMolHash",
    "rdkit.Chem.Draw.rdMolDraw2D",
    "rdkit.Chem.MolStandardize.rdMolStandardize",
    "rdkit.Chem.Scaffolds.MurckoScaffold",
}
# Words of RDKit, and of packages for design, that make structures from structures or from nothing.
MAKING = (
    *("Reaction", "Enumerat", "BRICS", "Recap", "MolFromFragments", "ReplaceSubstructs", "ReplaceSidechains"),
    *("CombineMols", "EditableMol", "RWMol", "AddAtom", "AddBond", "molzip", "selfies", "Stereoisomers"),
)


def imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def chemistry(path: Path) -> set[str]:
    return {name for name in imports(path) if name.partition(".")[0] == "rdkit"}


def test_only_two_files_touch_rdkit() -> None:
    touching = {path.relative_to(SOURCE).as_posix() for path in SOURCE.rglob("*.py") if chemistry(path)}
    assert touching == READERS


@pytest.mark.parametrize("file", sorted(READERS))
def test_they_read_and_draw_structures_and_make_none(file: str) -> None:
    assert chemistry(SOURCE / file) <= ALLOWED
    text = (SOURCE / file).read_text(encoding="utf-8")
    assert not [word for word in MAKING if word in text]


def test_the_commands_that_do_not_need_chemistry_do_not_import_it() -> None:
    for file in ("io/compounds.py", "io/assay_table.py", "cli/rank.py", "studies/rank_compounds.py"):
        assert not {name for name in imports(SOURCE / file) if name.startswith("adenoscope.io.structures.")}

"""A structure as a small drawing in SVG, in one ink, fit to stand in a page."""

from __future__ import annotations

import re

from rdkit import Chem, rdBase
from rdkit.Chem import rdDepictor
from rdkit.Chem.Draw import rdMolDraw2D

WIDTH, HEIGHT = 150, 112  # px
BOND = 1.1


def structure_svg(smiles: str) -> str:
    """Return the ``<svg>`` element that draws a standard SMILES."""
    with rdBase.BlockLogs():
        molecule = Chem.MolFromSmiles(smiles)
        rdDepictor.SetPreferCoordGen(True)
        rdDepictor.Compute2DCoords(molecule)
        rdDepictor.StraightenDepiction(molecule)
        canvas = rdMolDraw2D.MolDraw2DSVG(WIDTH, HEIGHT)
        options = canvas.drawOptions()
        options.useBWAtomPalette()
        options.clearBackground = False
        options.bondLineWidth = BOND
        options.fixedBondLength = 18.0
        options.padding = 0.04
        rdMolDraw2D.PrepareAndDrawMolecule(canvas, molecule)
        canvas.FinishDrawing()
        text = canvas.GetDrawingText()
    body = text[text.index("END OF HEADER") + len("END OF HEADER -->") : text.rindex("</svg>")]
    body = re.sub(r" class='[^']*'|\n", "", re.sub(r"(\d+\.\d)\d+", r"\1", body))
    return f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" aria-hidden="true">{body}</svg>'

"""From SMILES to a structure in standard form: the only file that asks RDKit to read one.

The tautomer stays as the source draws it: moving hydrogens to a canonical place would erase the stereocentre beside
the carbonyl of hydroxynorketamine. RDKit's own messages are held back; what is wrong is said in our words, by
where it stands in the text.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Any, cast

from rdkit import Chem, rdBase
from rdkit.Chem import rdCIPLabeler, rdFingerprintGenerator, rdMolDescriptors, rdMolHash
from rdkit.Chem.MolStandardize import rdMolStandardize
from rdkit.Chem.Scaffolds import MurckoScaffold

from adenoscope.core.structure import Structure
from adenoscope.io.structures.salts import COMPANIONS
from adenoscope.io.structures.spelling import COPY, ONE, Fault, look_over

MOST_ATOMS = 150  # heavy ones; beyond, descriptors and similarity of small molecules mean nothing
CARBON = 6
RADIUS, FEATURES = 2, 2048  # bonds around each atom; ways to tell fragments apart


def read_structure(smiles: str) -> Structure | Fault:
    """Return a structure in standard form, or what is wrong with its SMILES."""
    places = look_over(smiles)
    if isinstance(places, Fault):
        return places
    with rdBase.BlockLogs():
        molecule = cast("Chem.Mol | None", Chem.MolFromSmiles(smiles, sanitize=False))
        if molecule is None or molecule.GetNumAtoms() != len(places):
            return Fault("a text that no structure can be made of", ONE, COPY)
        fault = _impossible(molecule, places)
        if fault is not None:
            return fault
        parent = _parent(molecule, places)
        return parent if isinstance(parent, Fault) else _structure(smiles, molecule, *parent)


def _impossible(molecule: Chem.Mol, places: tuple[int, ...]) -> Fault | None:
    """Return what keeps atoms and bonds from being those of a molecule."""
    problems: list[Any] = list(Chem.DetectChemistryProblems(molecule))
    if not problems:
        try:
            Chem.SanitizeMol(molecule)
        except Chem.MolSanitizeException as error:  # of small letters that bond as no aromatic atom can
            problems = [cast("Any", error).cause]
    return _said(problems[0], molecule, places) if problems else None


def _said(problem: Any, molecule: Chem.Mol, places: tuple[int, ...]) -> Fault:
    kind = problem.GetType()
    if kind == "AtomValenceException":
        return _overbonded(molecule.GetAtomWithIdx(problem.GetAtomIdx()), places)
    if kind == "KekulizeException":
        atoms = problem.GetAtomIndices()
        where = f"characters {places[min(atoms)]} to {places[max(atoms)]}"
        found = f"an aromatic ring at {where} that cannot hold alternating double bonds"
    elif kind == "AtomKekulizeException":
        found = f"a small letter at character {places[problem.GetAtomIdx()]}, outside of any ring"
    else:
        return Fault("a text that no structure can be made of", ONE, COPY)
    remedy = "write an aromatic nitrogen that bears hydrogen as [nH]; write what is not aromatic in capitals"
    return Fault(found, "small letters for atoms of aromatic rings alone", remedy)


def _overbonded(atom: Chem.Atom, places: tuple[int, ...]) -> Fault:
    bonds = sum(bond.GetBondTypeAsDouble() for bond in atom.GetBonds()) + atom.GetNumExplicitHs()
    most = max(Chem.GetPeriodicTable().GetValenceList(atom.GetAtomicNum()))
    charge = f" and charge {atom.GetFormalCharge():+d}" if atom.GetFormalCharge() else ""
    found = f"{atom.GetSymbol()} at character {places[atom.GetIdx()]} with {bonds:g} bonds{charge}"
    allowed = f"at most {most} bonds for {atom.GetSymbol()} without charge"
    return Fault(found, allowed, "look there for a branch too many, or for a missing charge such as [N+]")


def _parent(molecule: Chem.Mol, places: tuple[int, ...]) -> tuple[Chem.Mol, tuple[str, ...]] | Fault:
    """Return the part that is the compound, without charge, and the names of what came with it."""
    for atom in molecule.GetAtoms():
        if atom.GetNumRadicalElectrons() and (atom.GetDegree() or atom.GetAtomicNum() == CARBON):
            found = f"{atom.GetSymbol()} at character {places[atom.GetIdx()]} with too few bonds"
            remedy = "inside brackets hydrogens must be written, as [C@@H] or [CH3]"
            return Fault(found, "atoms without unpaired electrons", remedy)
    apart = rdMolStandardize.MetalDisconnector().Disconnect(molecule)
    parts = [_neutral(part) for part in Chem.GetMolFrags(apart, asMols=True)]
    names = [COMPANIONS.get(Chem.MolToSmiles(part, isomericSmiles=False)) for part in parts]
    if None not in names:  # sodium acetate, say: what holds carbon is the compound
        names = [None if _is_organic(part) else name for part, name in zip(parts, names, strict=True)]
    kept = {Chem.MolToSmiles(part): part for part, name in zip(parts, names, strict=True) if name is None}
    if len(kept) > 1:
        return _mixture(list(kept))
    parent = next(iter(kept.values()), None)
    if parent is None or not _is_organic(parent):
        return Fault("a substance without carbon", "an organic compound", "leave it out: it has no relatives here")
    if parent.GetNumHeavyAtoms() > MOST_ATOMS:
        found = f"{parent.GetNumHeavyAtoms()} atoms beside hydrogen"
        return Fault(found, f"at most {MOST_ATOMS}", "leave it out: similarity of small molecules says nothing of it")
    stripped = Counter(name for name in names if name is not None)
    return parent, tuple(name if count == 1 else f"{count} {name}" for name, count in stripped.items())


def _is_organic(part: Chem.Mol) -> bool:
    return any(atom.GetAtomicNum() == CARBON for atom in part.GetAtoms())


def _neutral(part: Chem.Mol) -> Chem.Mol:
    tidy = rdMolStandardize.Normalize(part)
    neutral = rdMolStandardize.Uncharger(canonicalOrder=True).uncharge(tidy)
    for atom in neutral.GetAtoms():
        atom.SetAtomMapNum(0)
    return Chem.RemoveHs(neutral)


def _mixture(parts: list[str]) -> Fault:
    forms = {Chem.MolToSmiles(Chem.MolFromSmiles(part), isomericSmiles=False) for part in parts}
    if len(forms) == 1:
        found = f"{len(parts)} stereoisomers of one structure"
        return Fault(found, ONE, "write a racemate once, without @ at the centres that are mixed")
    found = f"a mixture of {len(parts)} parts, none of them a known salt or solvent: {', '.join(sorted(parts))}"
    return Fault(found, "one compound, alone or with salts and solvents", "write the part whose assay data these are")


def _structure(smiles: str, molecule: Chem.Mol, parent: Chem.Mol, stripped: tuple[str, ...]) -> Structure:
    # Written and read again, so that the same structure has the same order of atoms whatever its source wrote.
    standard = Chem.MolFromSmiles(Chem.MolToSmiles(parent))
    generator = rdFingerprintGenerator.GetMorganGenerator(radius=RADIUS, fpSize=FEATURES)
    centres = _centres(standard)
    mass, log_p, tpsa = rdMolDescriptors.Properties(("amw", "CrippenClogP", "tpsa")).ComputeProperties(standard)
    (mass_as_given,) = rdMolDescriptors.Properties(("amw",)).ComputeProperties(molecule)
    scaffold = MurckoScaffold.GetScaffoldForMol(standard)
    Chem.RemoveStereochemistry(scaffold)
    return Structure(
        given=smiles,
        smiles=Chem.MolToSmiles(standard),
        inchikey=Chem.MolToInchiKey(standard),
        formula=rdMolDescriptors.CalcMolFormula(standard),
        molar_mass=mass,
        mass_as_given=mass_as_given,
        log_p=log_p,
        tpsa=tpsa,
        charge=Chem.GetFormalCharge(standard),
        scaffold=Chem.MolToSmiles(scaffold),
        features=frozenset(generator.GetFingerprint(standard).GetOnBits()),
        centres=centres,
        stripped=stripped,
        tautomer_key=rdMolHash.MolHash(standard, rdMolHash.HashFunction.HetAtomTautomerv2),
        notes=tuple(_notes(smiles, standard, stripped, centres)),
    )


def _centres(molecule: Chem.Mol) -> tuple[str, ...]:
    """Return the label of each stereocentre and double bond, ? where it is left open."""
    rdCIPLabeler.AssignCIPLabels(molecule)
    ranks = list(Chem.CanonicalRankAtoms(molecule, breakTies=False))
    labels: list[str] = []
    for found in Chem.FindPotentialStereo(molecule, cleanIt=False, flagPossible=True):
        of_atom = found.type == Chem.StereoType.Atom_Tetrahedral
        what = molecule.GetAtomWithIdx(found.centeredOn) if of_atom else molecule.GetBondWithIdx(found.centeredOn)
        if found.specified == Chem.StereoSpecified.Specified:
            labels.append(what.GetProp("_CIPCode") if what.HasProp("_CIPCode") else "s")
        elif not (of_atom and _is_held_by_cage(molecule, found.centeredOn, ranks)):
            labels.append("?")
    return tuple(labels)


def _is_held_by_cage(molecule: Chem.Mol, atom: int, ranks: list[int]) -> bool:
    """Return whether an atom is a bridgehead with a twin, whose configuration a cage such as adamantane's fixes."""
    bridgeheads: list[int] = []
    # RDKit fills the list that it is handed; its stubs have another type there.
    rdMolDescriptors.CalcNumBridgeheadAtoms(molecule, atoms=bridgeheads)  # pyright: ignore[reportArgumentType]
    around = [ranks[neighbour.GetIdx()] for neighbour in molecule.GetAtomWithIdx(atom).GetNeighbors()]
    return atom in bridgeheads and (ranks.count(ranks[atom]) > 1 or len(set(around)) < len(around))


def _notes(smiles: str, standard: Chem.Mol, stripped: tuple[str, ...], centres: tuple[str, ...]) -> list[str]:
    notes = [f"stripped: {', '.join(stripped)}; doses are taken to be of the free base or acid"] if stripped else []
    if "?" in centres:
        left = centres.count("?")
        which = "a stereocentre is" if left == 1 else f"{left} stereocentres are"
        notes.append(f"{which} left open: a racemate, a mixture, or not known")
    idle = len(re.findall(r"\[[^\]]*@", smiles)) - sum(label in "RSrs" for label in centres)
    if idle > 0 and not stripped:
        notes.append(
            "a mark @ stands at an atom that is no stereocentre, and was passed over: is the structure right?"
        )
    charge = Chem.GetFormalCharge(standard)
    if charge:
        notes.append(f"keeps a charge of {charge:+d}, which no proton explains")
    if any(atom.GetIsotope() for atom in standard.GetAtoms()):
        notes.append("bears isotope labels")
    return notes

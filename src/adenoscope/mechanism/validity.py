"""Where the mechanism has no right to an answer.

A refusal means that nothing is run; a reason of ``outside_validity`` goes with an answer that is given all the same.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise

from adenoscope.core.protocol import Breath, Protocol
from adenoscope.core.schedule import Breach
from adenoscope.mechanism.envelope import (
    besides_breaches,
    bout_breaches,
    bouts_breaches,
    gas_breaches,
    rest_breaches,
)
from adenoscope.mechanism.inhibitors import is_inhibitor
from adenoscope.mechanism.interventions import in_order
from adenoscope.mechanism.own_compounds import given_compound, given_compounds, own_sentences
from adenoscope.mechanism.pieces import constants

MOST_KETAMINE = {"mouse": 50.0, "human": 1.0}  # mg/kg; above, it is an anaesthetic
OXYGEN_VALID, LONGEST_VALID_BOUT_S, LEAST_BETWEEN_SHOCKS_S = 0.08, 3600.0, 60.0


def refusals(protocol: Protocol) -> list[str]:
    """Return why a protocol is not run at all; [] where it may be.

    Valid: people; for animals nothing is refused. These are not limits of what is safe without a clinician.
    Source: the envelope for people, ``values/envelope.toml``.
    """
    bouts = [breath for breath in protocol.breathe if _is_hypoxic(breath, protocol)]
    if protocol.species != "human" or not bouts:
        return []
    return list(dict.fromkeys(breach.words for breach in _breaches(protocol, bouts)))


def outside_validity(protocol: Protocol) -> list[str]:
    """Return where a protocol leaves what the mechanism was built for or compared with."""
    drugs = (*own_sentences(protocol), *_of_drugs(protocol))
    return [*_of_subject(protocol), *_of_genes(protocol), *drugs, *_of_gas(protocol), *_of_shocks(protocol)]


def _is_hypoxic(breath: Breath, protocol: Protocol) -> bool:
    return breath.fio2 < constants("oxygen", protocol.species)["fio2"].value


def _gives_channel_blocker(protocol: Protocol) -> bool:
    return any("nmdar" in given.acts_on for given in given_compounds(protocol))


def _breaches(protocol: Protocol, bouts: list[Breath]) -> Iterator[Breach]:
    for breath in bouts:
        yield from (*gas_breaches(breath.fio2), *bout_breaches(breath.fio2, breath.duration_s))
    spans = sorted(bout for breath in bouts for bout in breath.bouts)
    yield from bouts_breaches(len(spans))
    rests = [later - end for (_, end), (later, _) in pairwise(spans)]
    yield from rest_breaches(min(rests, default=math.inf))
    yield from besides_breaches(channel_blocker=_gives_channel_blocker(protocol), added_co2=False)


def _of_subject(protocol: Protocol) -> Iterator[str]:
    if protocol.species == "human":
        yield (
            "No recording of adenosine in people exists: beyond plasma and oxygen, people have the mouse's "
            "constants. Behaviour is left out, since its assays are of mice."
        )
        if protocol.genotype != "WT" or protocol.condition != "naive" or protocol.gene:
            genes = ", ".join([protocol.genotype, *(f"{gene.name} at {gene.left:g}" for gene in protocol.gene)])
            yield f"{genes}, {protocol.condition}: knock-outs and chronic restraint are of mice."
    if protocol.region == "NAc":
        yield "NAc: a switch keeps drugs from its metabolism because no rise was seen there; this explains nothing."
    elif protocol.region != "mPFC":
        yield f"{protocol.region}: no recording to compare with was used; it is simulated as mPFC."


def _of_genes(protocol: Protocol) -> Iterator[str]:
    if protocol.light:
        yield "Light on astrocytes: how much ATP they release is assumed, and that they release nothing else."
    for gene in protocol.gene:
        if gene.left > 0:
            yield f"{gene.name} at {gene.left:g}: function is taken to follow the share of the gene that is left."


def _of_drugs(protocol: Protocol) -> Iterator[str]:
    body = constants("compounds", protocol.species)["body_mass"].value
    for dose in protocol.give:
        if is_inhibitor(dose.compound):
            yield f"{dose.compound}: a fixed share of an enzyme's activity is taken away, whatever the dose."
            continue
        given = given_compound(dose.compound, protocol.compounds)
        most, per_kg = MOST_KETAMINE[protocol.species], dose.dose / (body if dose.unit == "mg" else 1.0)
        if given.slot == "ketamine" and dose.unit in ("mg/kg", "mg") and per_kg > most and dose.route != "oral":
            name = "Ketamine" if given.name == given.slot else f"{given.name}, like ketamine,"
            yield f"{name} {per_kg:.3g} mg/kg is above {most:g} mg/kg: anaesthesia is not described."


def _of_gas(protocol: Protocol) -> Iterator[str]:
    low = [breath for breath in protocol.breathe if _is_hypoxic(breath, protocol)]
    if low and min(breath.fio2 for breath in low) < OXYGEN_VALID:
        yield f"FiO2 below {OXYGEN_VALID:g}: survival, and the arrest of breathing, are not described."
    if low and max(breath.duration_s for breath in low) > LONGEST_VALID_BOUT_S:
        yield f"Bouts above {LONGEST_VALID_BOUT_S:g} s: acclimatisation and cooling are not described."
    if low and _gives_channel_blocker(protocol):
        yield "Hypoxia with a blocker of NMDA receptors: no drug acts on breathing here."


def _of_shocks(protocol: Protocol) -> Iterator[str]:
    if not protocol.shock:
        return
    if protocol.species == "mouse":
        yield "Electroconvulsive stimuli in mice are not tested against data, and their threshold is assumed."
    else:
        yield "Electroconvulsive stimuli in people: they are ventilated throughout; anaesthetics are not described."
    gaps = [later.at_s - shock.at_s - shock.duration_s for shock, later in pairwise(in_order(protocol.shock))]
    if gaps and min(gaps) < LEAST_BETWEEN_SHOCKS_S:
        yield f"Stimuli less than {LEAST_BETWEEN_SHOCKS_S:g} s apart: the model is built for minutes between them."

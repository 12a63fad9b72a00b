"""Where entries of a protocol are right by themselves and not together."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise

from adenoscope.core.protocol import Protocol

TIMED = ("give", "breathe", "shock", "light")
MOST_ROWS = 10_000_000  # subjects times times: two gigabytes with twenty observables
Fault = tuple[str, str, str]


def contradictions(protocol: Protocol) -> Iterator[Fault]:
    """Yield what is found, allowed and to be done for each."""
    yield from _late(protocol)
    yield from _without_rest(protocol)
    yield from _genes(protocol)
    yield from _at_once(protocol)
    yield from _looks(protocol)


def _late(protocol: Protocol) -> Iterator[Fault]:
    for key in TIMED:
        for done in getattr(protocol, key):
            if done.at_s >= protocol.duration_s:
                found = f"{key}: at_s = {done.at_s:g} is after the end"
                yield found, f"less than duration_s = {protocol.duration_s:g}", "do it earlier, or simulate longer"


def _without_rest(protocol: Protocol) -> Iterator[Fault]:
    for breath in protocol.breathe:
        if breath.repeat > 1 and breath.rest_s == 0:
            found = f"breathe at {breath.at_s:g} s: {breath.repeat} bouts and no rest between them"
            yield found, "rest_s above 0 where repeat is above 1", "for example rest_s = 300, or one longer bout"


def _genes(protocol: Protocol) -> Iterator[Fault]:
    named = [gene.name for gene in protocol.gene]
    for name in sorted({name for name in named if named.count(name) > 1}):
        yield f"gene: {name} is there {named.count(name)} times", "once for each gene", "leave one of them"
    for name in dict.fromkeys(named):
        if protocol.genotype == f"{name}-KO":
            found = f"gene: {name}, of which genotype = {protocol.genotype} leaves nothing"
            yield found, "one of the two for each gene", f"delete one of them; {protocol.genotype} is left = 0"


def _at_once(protocol: Protocol) -> Iterator[Fault]:
    spans = {"breathe": [bout for breath in protocol.breathe for bout in breath.bouts]}
    spans["shock"] = [(shock.at_s, shock.at_s + shock.duration_s) for shock in protocol.shock]
    spans["light"] = [(light.at_s, light.at_s + light.duration_s) for light in protocol.light]
    for key, times in spans.items():
        for (start, end), (later, _) in pairwise(sorted(times)):
            if later < end:
                found = f"{key}: one from {start:g} to {end:g} s, the next from {later:g} s"
                yield found, "one at a time", "start the next when the one before has ended"


def _looks(protocol: Protocol) -> Iterator[Fault]:
    if protocol.every_s > protocol.duration_s:
        found = f"every_s: found {protocol.every_s:g}"
        yield found, f"at most duration_s = {protocol.duration_s:g}", "look more often"
    rows = protocol.subjects * protocol.duration_s / protocol.every_s
    if MOST_ROWS < rows < math.inf:
        found = f"{protocol.subjects} subjects at {protocol.duration_s / protocol.every_s:.0f} times: {rows:.2g} rows"
        yield found, f"at most {MOST_ROWS:.0e} rows", "raise every_s, or lower subjects"

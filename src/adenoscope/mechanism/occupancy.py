"""Who holds a receptor: adenosine and its antagonists, under constants in vitro and in vivo.

With a = A / Kd of adenosine and b = sum of B / Ki of antagonists, all free in brain,

    adenosine holds a / (1 + a + b),    antagonists hold b / (1 + a + b)

By positron emission tomography (PET), C in total plasma displaces half of a radioligand at K, so that

    antagonists hold m c / (1 + c),    c = sum of C / K,    m the largest share seen

Adenosine was there when K was measured, and is in it. With it taken out and plasma turned into what is free in brain,
this constant becomes one of the same kind as that in vitro:

    Ki = K f_unbound kpuu / (1 + a_rest)

A carrier that a blocker holds, and adenosine passes, has a = 0.
Source: Gaddum (1937) for the shares, Cheng and Prusoff (1973), doi:10.1016/0006-2952(73)90196-2, for the last line.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Literal

import numpy as np
import numpy.typing as npt

from adenoscope.core.parameter import Parameter, load_values
from adenoscope.mechanism.cohort import values_at
from adenoscope.mechanism.compounds import affinities, find_compound, library
from adenoscope.mechanism.pieces import Species

Numbers = npt.NDArray[np.float64]
Target = Literal["a1", "a2a", "ent1", "ent2"]
RECEPTORS: tuple[Target, ...] = ("a1", "a2a")
CARRIERS: tuple[Target, ...] = ("ent1", "ent2")
NONE_FOUND = "none found"
WRITTEN = {"psb36": "PSB36", "dpcpx": "DPCPX", "zm241385": "ZM241385"}


def adenosine_share(adenosine: Numbers, antagonists: Numbers) -> Numbers:
    """Return the share of receptors [1] that adenosine holds, from A / Kd and sum B / Ki [1], same shape.

    Valid: equilibrium; competition for one site.
    Source: Gaddum (1937), see the top.
    """
    return adenosine / (1 + adenosine + antagonists)


def antagonist_share(adenosine: Numbers | float, antagonists: Numbers) -> Numbers:
    """Return the share of receptors [1] that antagonists hold, from A / Kd and sum B / Ki [1], same shape.

    Valid: equilibrium; competition for one site.
    Source: Gaddum (1937), see the top.
    """
    return antagonists / (1 + adenosine + antagonists)


def pet_share(levels: Iterable[tuple[Numbers, Numbers | float]]) -> Numbers:
    """Return the share [1] that antagonists hold by PET, from each one's C / K [1] and largest share [1].

    Valid: adenosine as at rest when the constant was measured.
    Source: see the top.
    """
    pairs = list(levels)
    return sum((most * level for level, most in pairs), np.zeros(())) / (1 + sum(level for level, _ in pairs))


def freed_ki(half: Numbers, f_unbound: Numbers, kpuu: Numbers, adenosine_rest: Numbers) -> Numbers:
    """Return a PET constant as a Ki [µM, free in brain], from half [µM, total plasma] and A_rest / Kd [1].

    Valid: brain in balance with plasma while it was measured, and adenosine as at rest.
    Source: Cheng and Prusoff (1973), see the top.
    """
    return half * f_unbound * kpuu / (1 + adenosine_rest)


def named(compounds: Sequence[str]) -> str:
    """Return compounds as people write them: "PSB36 and caffeine"."""
    *others, last = [WRITTEN.get(one, one) for one in compounds]
    return f"{', '.join(others)} and {last}" if others else last


@cache
def antagonists() -> tuple[str, ...]:
    """Return the compounds that can be asked about: what blocks A1, A2A or the carriers of adenosine."""
    return tuple(
        name
        for name, compound in library().items()
        if any(
            target in (*RECEPTORS, *CARRIERS) and does == "antagonist" for target, does in compound.acts_on.items()
        )
    )


def raises_adenosine(compound: str) -> bool:
    """Return whether a compound may stand beside antagonists: it binds no receptor or carrier of adenosine."""
    return not set(find_compound(compound).acts_on) & {*RECEPTORS, *CARRIERS}


def in_vitro(compound: str, target: Target, species: Species) -> Parameter | None:
    """Return a compound's Ki [µM] in vitro; None where it does not act there.

    Source: ``values/occupancy.toml``, else ``values/compounds.toml``.
    """
    own = load_values("occupancy").get(f"{species}_in_vitro", {}).get(f"{compound}_ki_{target}")
    return own or affinities(compound, species).get(target)


def in_vivo(compound: str, target: Target, species: Species) -> Parameter | None:
    """Return the concentration [mg/L, total plasma] of half occupancy by PET; None where none was found.

    Source: ``values/occupancy.toml``.
    """
    return load_values("occupancy").get(f"{species}_in_vivo", {}).get(f"{compound}_{target}")


def in_vivo_most(compound: str, target: Target, species: Species) -> Parameter | None:
    """Return the largest share [1] that PET saw held; None where it was taken as 1.

    Source: ``values/occupancy.toml``.
    """
    return load_values("occupancy").get(f"{species}_in_vivo_maximum", {}).get(f"{compound}_{target}")


def draws(known: Mapping[str, Parameter], n_subjects: int, seed: int) -> dict[str, Numbers]:
    """Return constants by name, each of shape (subject,): subject k's depends on the seed, k and the name alone."""
    if not known:
        return {}
    scores = np.array([[_score(seed, k, name) for name in known] for k in range(n_subjects)])
    return values_at(known, scores)


def _score(seed: int, subject: int, name: str) -> float:
    # Three numbers, where a cohort's own draws have two: none of those is repeated.
    key = (subject, 0, zlib.crc32(name.encode("utf-8")))
    return float(np.random.default_rng(np.random.SeedSequence(seed, spawn_key=key)).standard_normal())

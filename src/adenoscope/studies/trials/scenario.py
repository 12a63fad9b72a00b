"""Worlds in which one trial is simulated: as it is planned, and with one thing changed, so that its part shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Scenario:
    """One world. People, allocation and noise of a replicate are the same in all of them.

    ``link``: every replicate has its own draw of the link's posterior, or all have its centre. ``specific``: whether
    what an arm does to receptors differs from the control's. ``beliefs``: guesses by arm, or as probable in every
    arm. ``own_engagement``: each person's engagement is their own, or somebody else's of the same arm.
    ``enriched``: whether people meet the trial's rules of enrichment too.
    """

    name: str
    words: str
    link: Literal["drawn", "central"] = "drawn"
    specific: bool = True
    beliefs: Literal["by_arm", "alike"] = "by_arm"
    own_engagement: bool = True
    enriched: bool = False


PLANNED = Scenario("planned", "as planned, the link drawn from its posterior")
CENTRAL = Scenario("central", "as planned, the link at its centre", link="central")
NULL = Scenario("null", "no difference of any kind between arms", specific=False, beliefs="alike")
UNBLINDED = Scenario("unblinded", "no specific effect, and guesses that differ between arms", specific=False)
BLINDED = Scenario("blinded", "perfect blinding: guesses alike in all arms", beliefs="alike")
SHUFFLED = Scenario("shuffled", "engagement exchanged between people of an arm", own_engagement=False)
ENRICHED = Scenario("enriched", "only people who meet the rules of enrichment", enriched=True)
SCENARIOS = (PLANNED, CENTRAL, NULL, UNBLINDED, BLINDED, SHUFFLED)

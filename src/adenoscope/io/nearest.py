"""Which known name somebody probably meant."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(word: str, known: Iterable[str], *, similarity: float = 0.6) -> str | None:
    """Return the known name closest to ``word`` whatever its case, or None when nothing is close."""
    by_folded = {name.casefold(): name for name in known}
    matches = get_close_matches(word.casefold(), by_folded, n=1, cutoff=similarity)
    return by_folded[matches[0]] if matches else None


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return the sentence `did you mean "…"?`, or "" when nothing is close."""
    match = nearest(word, known)
    return f'did you mean "{match}"?' if match else ""

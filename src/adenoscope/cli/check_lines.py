"""What ``adenoscope mechanism check`` prints."""

from __future__ import annotations

from typing import Any

from adenoscope.cli.simulation import aligned, number


def check_lines(document: dict[str, Any]) -> list[str]:
    """Return the check in lines; rows outside their band hold the word OUTSIDE."""
    rows = [("observation", "observed", "band", "predicted (95 %)", "unit", "fitted to", "")]
    for row in document["rows"]:
        band = f"{_edge(row['low_band'])} to {_edge(row['high_band'])}"
        told = (
            ""
            if row["median"] is None
            else f"{number(row['median'])} ({number(row['low'])} to {number(row['high'])})"
        )
        verdict = "" if row["verdict"] == "inside" else row["verdict"].upper()
        rows.append(
            (row["id"], number(row["mean"]), band, told, row["unit"], "yes" if row["used"] else "no", verdict)
        )
    assumed = [f"  - {sentence}" for sentence in document["assumed_not_explained"]]
    sites = [("brake on", "weight")]
    sites += [(site["braked"], f"{100 * site['weight']:.0f} %") for site in document["sites"]]
    said = [
        *_shares(document),
        _converged(document["posterior"]),
        "",
        "Where the labelled metabolites that ship put the brake:",
    ]
    return [
        *aligned(rows),
        *_not_predicted(document["rows"]),
        "",
        *said,
        *aligned(sites),
        "",
        "Assumed, not explained:",
        *assumed,
    ]


def _shares(document: dict[str, Any]) -> list[str]:
    kinds = {"share_inside": "fitted to", "share_inside_not_fitted": "not fitted to"}
    known = {words: document[name] for name, words in kinds.items() if document[name] is not None}
    where = "lie inside their bands at the posterior's median."
    return [
        f"{100 * share:.0f} % of the predicted rows that the model was {words} {where}"
        for words, share in known.items()
    ]


def _not_predicted(rows: list[dict[str, Any]]) -> list[str]:
    """Return why rows have no prediction: each reason once, after the rows that it holds for."""
    reasons: dict[str, list[str]] = {}
    for row in rows:
        if row["verdict"] == "not predicted":
            reasons.setdefault(row["reason"], []).append(row["id"])
    said = [f"  - {', '.join(names)}: {reason}" for reason, names in reasons.items()]
    return ["", "Not predicted, and why:", *said] if said else []


def _converged(posterior: dict[str, Any]) -> str:
    if not posterior["of_this_model"]:
        return "The posterior is of another text of the model than this: calibrate anew before trusting any of it."
    r_hat = f"R-hat up to {posterior['worst_r_hat']:.2f} along what the data inform"
    if posterior["converged"]:
        return f"The posterior has converged: {r_hat}."
    return f"The posterior has NOT converged ({r_hat}; 1.05 is asked for): intervals may be too narrow, medians hold."


def _edge(value: float | None) -> str:
    return "open" if value is None else number(value)

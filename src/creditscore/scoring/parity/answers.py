"""What the endpoint answers, read into the columns of a score: the one place that knows the shape of its answers."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from creditscore.scoring.explanation import REASON_COLUMNS

Record = Mapping[str, Any]
SAID = ("as_of", "log_odds", "score", "grade", "colour", "exposure_amount", "reserve_amount")
DECIDED = ("governed_colour", "governed_since", "yellow_alert_count", "red_alert_count", "held_amount")
RULED = {"limit": "amount", "headroom": "amount", "term": "days"}
ANSWERED = 200


@dataclass(frozen=True, slots=True)
class Answered:
    """A score, and what the answer says that it rests on.

    Parameters
    ----------
    score
        Columns of a score by name.
    bundle_hash, policy_hash, run_id
        What it rests on; no run where a posted row was scored.
    """

    score: Record
    bundle_hash: str
    policy_hash: str
    run_id: str | None


def scores_in(answer: Record, *, probability: str) -> Iterator[Answered]:
    """Give the scores of an answer: one alone, a list of them, or the results of posted rows with a status each.

    Parameters
    ----------
    answer
        The answer of ``/v1/score``, ``/v1/scores`` or ``/v1/rows``.
    probability
        Name of the probability of default, such as ``pd_12m``.
    """
    for told in _told(answer):
        yield Answered(
            score=_score(told["score"], probability),
            bundle_hash=answer["bundle_hash"],
            policy_hash=told.get("policy_hash") or answer["policy_hash"],
            run_id=answer.get("run_id"),
        )


def frame_of(answered: Iterable[Answered]) -> pd.DataFrame:
    """Return the scores of answers as a table; its values are as they came, and get their kind from what they meet."""
    return pd.DataFrame([one.score for one in answered], dtype=object)


def _told(answer: Record) -> Iterator[Record]:
    if "results" in answer:
        yield from (result for result in answer["results"] if result["status"] == ANSWERED)
    elif "scores" in answer:
        yield from ({"score": score} for score in answer["scores"])
    else:
        yield {"score": answer}


def _score(told: Record, probability: str) -> dict[str, Any]:
    codes = [reason["code"] for reason in told["reasons"]]
    reasons = dict(zip(REASON_COLUMNS, [*codes, *[None] * len(REASON_COLUMNS)], strict=False))
    row = {name: told[name] for name in ("customer_id", probability, *SAID)}
    return row | (_decision(told["decision"]) if told.get("decision") else {}) | reasons


def _decision(told: Record) -> dict[str, Any]:
    row = {name: told[name] for name in DECIDED}
    for name, unit in RULED.items():
        ruled = told[name]
        row |= {f"{name}_{unit}": ruled[unit], f"{name}_rule": ruled["rule"], f"{name}_number": ruled["number"]}
    freeze = told["freeze"]
    return row | {"action": told["action"]["code"], "frozen_by": freeze["cause_id"] if freeze else None}

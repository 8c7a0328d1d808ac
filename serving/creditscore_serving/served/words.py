"""Reasons, actions and freezes in words, as answers give them."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from creditscore.decisions import freeze_text
from creditscore.domain import Reason
from creditscore.features import catalogue
from creditscore.policy import Policy
from creditscore.scoring import IN_DEFAULT_REASON, Bundle

REASONS = ("reason_1", "reason_2", "reason_3")
RULED = tuple(
    (name, unit, f"{name}_{unit}", f"{name}_rule", f"{name}_number")
    for name, unit in (("limit", "amount"), ("headroom", "amount"), ("term", "days"))
)
TOLD = ("governed_colour", "governed_since", "yellow_alert_count", "red_alert_count", "held_amount")


class Words:
    """The words of reasons: those of a bundle, and of the shipped catalogue for days that another bundle scored.

    Parameters
    ----------
    bundle
        The bundle.
    """

    def __init__(self, bundle: Bundle) -> None:
        shipped = {feature.reason.code: feature.reason for feature in catalogue()}
        known: dict[str, Reason] = {**shipped, IN_DEFAULT_REASON.code: IN_DEFAULT_REASON, **bundle.reasons}
        self._reasons = {code: {"code": code, "en": one.en, "zh": one.zh} for code, one in known.items()}

    def reasons(self, codes: Iterable[str | None]) -> list[dict[str, str]]:
        """Return reasons in words, in the order of their codes; one that nobody knows any more is its code."""
        return [self._reasons.get(code) or {"code": code, "en": code, "zh": code} for code in codes if code is not None]

    def score(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """Return what an answer says of a row of scores, without what was decided."""
        told = {name: row[name] for name in row if name.startswith("pd_")}
        return {
            "customer_id": row["customer_id"],
            "as_of": row["as_of"],
            **told,
            "score": row["score"],
            "grade": row["grade"],
            "colour": row["colour"],
            "log_odds": row["log_odds"],
            "exposure_amount": row["exposure_amount"],
            "reserve_amount": row["reserve_amount"],
            "reasons": self.reasons([row[name] for name in REASONS]),
        }


def decision_of(row: Mapping[str, Any], freeze: Mapping[str, Any] | None, *, policy: Policy) -> dict[str, Any]:
    """Return what was decided on a customer, with the words for it; ``freeze`` comes from :func:`freeze_of`."""
    told = {name: row[name] for name in TOLD}
    action = next(one for one in policy.actions.every if one.code == row["action"])
    told["action"] = {"code": action.code, "en": action.en, "zh": action.zh}
    for name, unit, column, rule, number in RULED:
        told[name] = {unit: row[column], "rule": row[rule], "number": row[number]}
    told["freeze"] = freeze
    return told


def freeze_of(frozen: Mapping[str, Any]) -> dict[str, Any]:
    """Return why a customer is frozen, as data and in words."""
    cause, path = frozen["cause_id"], frozen["path"]
    words = {language: freeze_text(cause, path, language=language) for language in ("en", "zh")}
    return {"cause_id": cause, "frozen_on": frozen["frozen_on"], "path": json.loads(path), **words}

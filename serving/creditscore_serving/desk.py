"""The scoring desk: answers from the library's own code, with no arithmetic and no framework."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from creditscore.decisions import Application, freeze_text
from creditscore.domain import Workspace
from creditscore.policy import Policies, Policy
from creditscore.scoring import (
    EXPOSURE,
    IN_DEFAULT,
    IN_DEFAULT_REASON,
    DecisionStore,
    apply_for_credit,
    last_scored_day,
    open_champion,
    policy_of,
    score_rows,
)

REASONS = ("reason_1", "reason_2", "reason_3")
Answer = dict[str, Any]


class Desk:
    """Answers for one workspace: its champion bundle, its policies, its score store.

    Parameters
    ----------
    workspace
        The portfolio.

    Raises
    ------
    BundleError
        If no bundle decides yet, or a file of it is missing or altered.
    """

    def __init__(self, workspace: Workspace) -> None:
        self.bundle = open_champion(workspace)
        self.policies = Policies.of(workspace)
        self.workspace = workspace
        self.store = DecisionStore(workspace.store_url)
        self._read: dict[str, Policy] = {}
        # What explains a score is prepared at the first row; that row should not be a caller's.
        nobody = {"customer_id": "", "as_of": pd.Timestamp(0), **dict.fromkeys(self.bundle.feature_names, np.nan)}
        score_rows(self.bundle, self.policies.latest, pd.DataFrame([nobody]))

    def daily(self, customer_ids: Sequence[str], *, as_of: date | None) -> Answer | None:
        """Return the served scores of a day in the order asked for, or ``None`` if the day was not scored."""
        found = self.store.look_up(customer_ids, as_of=as_of)
        if found is None:
            return None
        run, rows = found
        frozen, policy = self.store.freezes(run, list(rows)), self._policy(run.policy_hash)
        return {
            "scores": [
                {**self._score(rows[one]), "decision": decision_of(rows[one], frozen.get(one), policy=policy)}
                for one in customer_ids
                if one in rows
            ],
            "unknown_customer_ids": [one for one in customer_ids if one not in rows],
            "bundle_hash": run.bundle_hash,
            "policy_hash": run.policy_hash,
            "run_id": run.run_id,
        }

    def alerts(self, customer_id: str, *, as_of: date | None) -> Answer | None:
        """Return the history of a customer's alerts up to a scored day, or ``None`` if it was not scored."""
        run = self.store.latest_run(as_of)
        if run is None:
            return None
        changes = self.store.alert_changes(run, customer_id)
        last = {change["invoice_id"]: change["change"] for change in changes}
        return {
            "customer_id": customer_id,
            "as_of": run.as_of,
            "changes": changes,
            "standing_invoice_ids": sorted(invoice for invoice, change in last.items() if change != "closed"),
            "run_id": run.run_id,
        }

    def reserve(self, *, as_of: date | None) -> Answer | None:
        """Return the reserve ledger of a scored day, or ``None`` if it was not scored."""
        run = self.store.latest_run(as_of)
        if run is None:
            return None
        return {"as_of": run.as_of, "closings": self.store.reserve_closings(run), "run_id": run.run_id}

    def application(self, asked: Mapping[str, Any]) -> Answer:
        """Decide on an application, keep the record of it and return it."""
        day = asked["applied_on"] or last_scored_day(self.workspace)
        application = Application(**{**asked, "applied_on": day})
        return apply_for_credit(self.workspace, application).to_record()

    def posted(self, rows: Sequence[Mapping[str, Any]]) -> Answer:
        """Score snapshot rows by the policy of their latest day as the daily run would, and store nothing."""
        keys = [{"customer_id": row["customer_id"], "as_of": pd.Timestamp(row["as_of"])} for row in rows]
        values = pd.DataFrame([row["features"] for row in rows]).astype("float64")
        policy = self.policies.on(max(row["as_of"] for row in rows))
        scores = score_rows(self.bundle, policy, pd.DataFrame(keys).join(values))
        records = scores.astype(object).where(scores.notna(), None).to_dict("records")
        return {
            "scores": [self._score({str(name): value for name, value in record.items()}) for record in records],
            "unknown_customer_ids": [],
            "bundle_hash": self.bundle.hash,
            "policy_hash": policy.hash,
            "run_id": None,
        }

    def wrong_names(self, features: Mapping[str, object]) -> dict[str, str]:
        """Return what is wrong with the names of a posted row's features, by name."""
        known = {*self.bundle.feature_names, EXPOSURE, IN_DEFAULT}
        missing = {name: "The bundle needs this feature." for name in self.bundle.feature_names if name not in features}
        return missing | {name: "The bundle knows no such feature." for name in features if name not in known}

    def is_ready(self) -> bool:
        """Tell whether a daily score can be answered: the bundle is open and the store has a run."""
        return self.store.latest_run() is not None

    def _score(self, row: Mapping[str, Any]) -> Answer:
        known = {IN_DEFAULT_REASON.code: IN_DEFAULT_REASON, **self.bundle.reasons}
        texts = [known[row[name]] for name in REASONS if row[name] in known]
        reasons = [{"code": reason.code, "en": reason.en, "zh": reason.zh} for reason in texts]
        said = {name: value for name, value in row.items() if name not in REASONS}
        return {**said, "reasons": reasons, "decision": None}

    def _policy(self, policy_hash: str) -> Policy:
        """Return the policy of a run, read once."""
        if policy_hash not in self._read:
            self._read[policy_hash] = policy_of(self.workspace, policy_hash)
        return self._read[policy_hash]


def decision_of(row: Mapping[str, Any], frozen: Mapping[str, Any] | None, *, policy: Policy) -> Answer:
    """Return what was decided on a customer, with the words for it."""
    action = next(one for one in policy.actions.every if one.code == row["action"])
    ruled = {
        name: {unit: row[f"{name}_{kind}"], "rule": row[f"{name}_rule"], "number": row[f"{name}_number"]}
        for name, unit, kind in (
            ("limit", "amount", "amount"),
            ("headroom", "amount", "amount"),
            ("term", "days", "days"),
        )
    }
    told = ("governed_colour", "governed_since", "yellow_alert_count", "red_alert_count", "held_amount")
    return {
        **{name: row[name] for name in told},
        "action": {"code": action.code, "en": action.en, "zh": action.zh},
        **ruled,
        "freeze": None if frozen is None else freeze_of(frozen),
    }


def freeze_of(frozen: Mapping[str, Any]) -> Answer:
    """Return why a customer is frozen, as data and in words."""
    cause, path = frozen["cause_id"], frozen["path"]
    words = {language: freeze_text(cause, path, language=language) for language in ("en", "zh")}
    return {"cause_id": cause, "frozen_on": frozen["frozen_on"], "path": json.loads(path), **words}

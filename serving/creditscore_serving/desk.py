"""The scoring desk: answers from the library's own code, with no arithmetic and no framework."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from creditscore.domain import Workspace
from creditscore.policy import Policies
from creditscore.scoring import EXPOSURE, IN_DEFAULT, IN_DEFAULT_REASON, ScoreStore, open_champion, score_rows

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
        self.store = ScoreStore(workspace.store_url)
        # What explains a score is prepared at the first row; that row should not be a caller's.
        nobody = {"customer_id": "", "as_of": pd.Timestamp(0), **dict.fromkeys(self.bundle.feature_names, np.nan)}
        score_rows(self.bundle, self.policies.latest, pd.DataFrame([nobody]))

    def daily(self, customer_ids: Sequence[str], *, as_of: date | None) -> Answer | None:
        """Return the served scores of a day in the order asked for, or ``None`` if the day was not scored."""
        found = self.store.look_up(customer_ids, as_of=as_of)
        if found is None:
            return None
        run, rows = found
        return {
            "scores": [self._score(rows[one]) for one in customer_ids if one in rows],
            "unknown_customer_ids": [one for one in customer_ids if one not in rows],
            "bundle_hash": run.bundle_hash,
            "policy_hash": run.policy_hash,
            "run_id": run.run_id,
        }

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
        return {**{name: value for name, value in row.items() if name not in REASONS}, "reasons": reasons}

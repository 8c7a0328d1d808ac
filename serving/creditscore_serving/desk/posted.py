"""Posted snapshot rows: checked one by one, scored together by the daily run's own code."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from operator import itemgetter
from typing import Any

import numpy as np
import numpy.typing as npt
from pydantic import ValidationError

from creditscore.domain import pd_column
from creditscore.errors import PolicyError
from creditscore.policy import Policy
from creditscore.scoring import EXPOSURE, IN_DEFAULT, IN_DEFAULT_REASON, ScoredMatrix, score_matrix
from creditscore_serving.conventions.problems import LONGEST_NAME, FieldErrors, fewer, told_errors
from creditscore_serving.schemas.scores import AnyRowsRequest, RowsRequest, SnapshotRow
from creditscore_serving.served.edition import Edition, ServedModel

EXACT = 2.0**53  # integers up to here are exact in a float
OK, REFUSED = 200, 400
Result = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Posted:
    """One posted row: sound, or what is wrong with it."""

    row: SnapshotRow | None
    errors: FieldErrors


def read_rows(body: bytes) -> list[Posted]:
    """Read the rows of a body; a broken row does not keep the others from being read.

    Raises
    ------
    pydantic.ValidationError
        If the body as a whole is broken.
    """
    try:
        return [Posted(row, []) for row in RowsRequest.model_validate_json(body).rows]
    except ValidationError:  # of the whole, or of some rows?
        rows = AnyRowsRequest.model_validate_json(body).rows
    return [_read(place, content) for place, content in enumerate(rows)]


def score_posted(edition: Edition, posted: Sequence[Posted]) -> dict[str, Any]:
    """Score the sound rows, each by the policy of its day, and tell what is wrong with the others."""
    return score_checked(edition, [_checked(place, one, edition.model) for place, one in enumerate(posted)])


def score_checked(edition: Edition, checked: Sequence[Posted]) -> dict[str, Any]:
    """Score rows of features that the bundle knows, on days that a policy decides; the others are refused."""
    model = edition.model
    results = [_refusal(one) for one in checked]
    for policy, places in _by_policy(checked, model).items():
        rows = [row for place in places if (row := checked[place].row) is not None]
        scored = _scored(edition, rows, policy)
        for place, row, score in zip(places, rows, scored, strict=True):
            results[place] = {
                "status": OK,
                "customer_id": row.customer_id,
                "policy_hash": policy.hash,
                "errors": [],
                "score": score,
            }
    good = sum(one["status"] == OK for one in results)
    return {
        "results": results,
        "scored_count": good,
        "refused_count": len(results) - good,
        "currency": model.currency,
        "bundle_hash": model.bundle.hash,
        "run_id": None,
    }


def _read(place: int, content: object) -> Posted:
    try:
        return Posted(SnapshotRow.model_validate(content), [])
    except ValidationError as error:
        return Posted(None, fewer(told_errors(error, before=("rows", place)), f"rows.{place}"))


def _checked(place: int, posted: Posted, model: ServedModel) -> Posted:
    """Look at what a schema cannot tell: the bundle's features, whole amounts, the policy of the day."""
    if posted.row is None:
        return posted
    wrong = {f"features.{name}": text for name, text in wrong_features(posted.row.features, model).items()}
    wrong |= wrong_day(posted.row.as_of, model)
    if not wrong:
        return posted
    errors = [{"field": f"rows.{place}.{name[:LONGEST_NAME]}", "message": text} for name, text in wrong.items()]
    return Posted(None, fewer(errors, f"rows.{place}"))


def wrong_features(features: dict[str, float | None], model: ServedModel) -> dict[str, str]:
    """Return what is wrong with a row's features, by name."""
    wrong: dict[str, str] = {}
    names = features.keys()
    if not model.feature_names <= names or not names <= model.known_names:
        wrong |= {name: "The bundle needs this feature." for name in model.bundle.feature_names if name not in names}
        wrong |= {name: "The bundle knows no such feature." for name in names if name not in model.known_names}
    exposure, default = features.get(EXPOSURE), features.get(IN_DEFAULT)
    if exposure is not None and (not exposure.is_integer() or abs(exposure) > EXACT):
        wrong[EXPOSURE] = "Give whole minor units of the currency, below 2^53."
    if default not in {None, 0.0, 1.0}:
        wrong[IN_DEFAULT] = "Give 1 for a customer in default, else 0."
    return wrong


def wrong_day(day: date, model: ServedModel) -> dict[str, str]:
    """Return what is wrong with a row's day, by field."""
    try:
        model.policies.on(day)
    except PolicyError:
        return {"as_of": "No policy decides this day."}
    return {}


def _refusal(posted: Posted) -> Result:
    return {"status": REFUSED, "customer_id": None, "policy_hash": None, "errors": posted.errors, "score": None}


def _by_policy(checked: Sequence[Posted], model: ServedModel) -> dict[Policy, list[int]]:
    days: dict[date, list[int]] = {}
    for place, one in enumerate(checked):
        if one.row is not None:
            days.setdefault(one.row.as_of, []).append(place)
    found: dict[str, tuple[Policy, list[int]]] = {}
    for day, places in days.items():
        policy = model.policies.on(day)
        found.setdefault(policy.hash, (policy, []))[1].extend(places)
    return dict(found.values())


def _scored(edition: Edition, rows: Sequence[SnapshotRow], policy: Policy) -> list[dict[str, Any]]:
    bundle = edition.model.bundle
    exposure = _column(rows, EXPOSURE)
    found = score_matrix(
        bundle,
        policy,
        _matrix(rows, bundle.feature_names),
        exposure_amount=np.nan_to_num(exposure).astype(np.int64),
        certain=_column(rows, IN_DEFAULT) == 1.0,
    )
    return _told(edition, rows, found, exposure=exposure)


def _matrix(rows: Sequence[SnapshotRow], names: Sequence[str]) -> npt.NDArray[np.float64]:
    values = itemgetter(*names)
    return np.array([values(row.features) for row in rows], dtype=np.float64).reshape(len(rows), len(names))


def _column(rows: Sequence[SnapshotRow], name: str) -> npt.NDArray[np.float64]:
    return np.array([row.features.get(name) for row in rows], dtype=np.float64)


def _told(
    edition: Edition, rows: Sequence[SnapshotRow], found: ScoredMatrix, *, exposure: npt.NDArray[np.float64]
) -> list[dict[str, Any]]:
    bundle = edition.model.bundle
    codes = [*(entry.reason.code for entry in bundle.contract), IN_DEFAULT_REASON.code, None]  # -1 none, -2 the default
    probability = pd_column(bundle.horizon_months)
    columns = zip(
        rows,
        found.default_probability.tolist(),
        found.score.tolist(),
        found.grade.tolist(),
        found.colour.tolist(),
        found.log_odds.tolist(),
        exposure.tolist(),
        found.reserve_amount.tolist(),
        found.reasons.tolist(),
        strict=True,
    )
    return [
        {
            "customer_id": row.customer_id,
            "as_of": row.as_of,
            probability: pd,
            "score": score,
            "grade": grade,
            "colour": colour,
            "log_odds": log_odds,
            "exposure_amount": None if owed != owed else int(owed),  # noqa: PLR0124 - only NaN differs from itself
            "reserve_amount": None if owed != owed else reserve,  # noqa: PLR0124 - as above
            "reasons": edition.words.reasons([codes[place] for place in places]),
            "decision": None,
        }
        for row, pd, score, grade, colour, log_odds, owed, reserve, places in columns
    ]

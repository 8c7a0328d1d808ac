"""Requests as observations: what was asked for, by whom, and what was known the day before."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from creditscore.advice import ASKED, asked_of, history_features
from creditscore.book import Book
from creditscore.domain import Progress, Purpose, silent
from creditscore.errors import ParameterError
from creditscore.features import feature_matrix, observe
from creditscore.outcomes import outcomes
from creditscore.scoring import Bundle
from creditscore_training.observations import DAY, KEYS

BASE = "base_log_odds"
REQUEST = ("facility_id", *KEYS, "requested_amount", "requested_term_days")


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestAttrition:
    """How many requests the book holds, and why some of them teach nothing.

    Parameters
    ----------
    asked_count
        Requests of the purpose, each once.
    not_granted_count
        Those that were not granted: nobody knows what they would have brought, so nothing is learned from them, and
        none counts as support.
    not_known_count
        Those of companies that were not known on the day before.
    immature_count
        Those whose outcome window has not ended.
    in_default_count
        Those of customers in default on the day before.
    no_history_count
        Those whose history is missing or too short.
    kept_count
        The others.
    """

    asked_count: int
    not_granted_count: int
    not_known_count: int
    immature_count: int
    in_default_count: int
    no_history_count: int
    kept_count: int


def requests_of(book: Book, purpose: Purpose, *, observed_until: date | None = None) -> pd.DataFrame:
    """Return the requests of a purpose as they first became known, each with the day before as its ``as_of``.

    Parameters
    ----------
    book
        The book.
    purpose
        The purpose.
    observed_until
        Last day whose information may be used; all of the book where ``None``.

    Returns
    -------
    pandas.DataFrame
        ``facility_id``, ``customer_id``, ``as_of``, ``requested_amount``, ``requested_term_days`` and
        ``granted_flag``: whether it is known to be granted by ``observed_until``. Sorted by customer, day and id.
    """
    versions = book.read("facilities").to_pandas().astype({"known_on": DAY, "granted_on": DAY})
    versions = versions[versions["purpose"] == str(purpose)]
    if observed_until is not None:
        versions = versions[versions["known_on"] <= pd.Timestamp(observed_until)]
    versions = versions.sort_values(["known_on", "facility_id"])
    granted = versions.loc[versions["granted_on"].notna(), "facility_id"]
    first = versions.drop_duplicates("facility_id")
    first = first.assign(
        as_of=(first["known_on"] - pd.Timedelta(days=1)).astype(DAY),
        granted_flag=first["facility_id"].isin(granted),
    )
    return first[[*REQUEST, "granted_flag"]].sort_values([*KEYS, "facility_id"], ignore_index=True)


def request_panel(
    book: Book,
    base: Bundle,
    purpose: Purpose,
    *,
    min_history_days: int,
    observed_until: date | None = None,
    progress: Progress = silent,
) -> tuple[pd.DataFrame, RequestAttrition]:
    """Return the granted requests with their outcomes, what they ask for, and the base model's log-odds the day before.

    Parameters
    ----------
    book
        The book.
    base
        Gives features, default definition and log-odds.
    purpose
        The purpose.
    min_history_days
        Days since the first invoice without which no request is measured.
    observed_until
        Last day whose information may be used, for outcomes and grants.
    progress
        Told when the features are done.

    Raises
    ------
    ParameterError
        If no request is left.
    """
    asked = requests_of(book, purpose, observed_until=observed_until)
    granted = asked[asked["granted_flag"]]
    known = granted[_known_before(book, granted)]
    labelled, attrition = _labelled(book, base, known, observed_until)
    progress("requests observed", 0, 1)
    rows = _measured(book, base, labelled, min_history_days)
    progress("requests observed", 1, 1)
    complete = rows[rows[list(ASKED)].notna().all(axis=1)].reset_index(drop=True)
    counts = RequestAttrition(
        asked_count=len(asked),
        not_granted_count=len(asked) - len(granted),
        not_known_count=len(granted) - len(known),
        **attrition,
        no_history_count=len(rows) - len(complete),
        kept_count=len(complete),
    )
    if complete.empty:
        raise ParameterError(
            where=f"requests {purpose}",
            found=f"Of {counts.asked_count:,} requests none was granted, has an outcome and a history.",
            fix="Ingest facilities of this purpose, with what was asked for, over a longer time.",
        )
    return complete, counts


def _known_before(book: Book, requests: pd.DataFrame) -> pd.Series:
    customers = book.read("customers").select(["customer_id", "known_on"]).to_pandas().astype({"known_on": DAY})
    first = customers.groupby("customer_id")["known_on"].min()
    begins = pd.Timestamp(book.known_days()[0])
    return (requests["customer_id"].map(first) <= requests["as_of"]) & (requests["as_of"] >= begins)


def _labelled(
    book: Book, base: Bundle, requests: pd.DataFrame, observed_until: date | None
) -> tuple[pd.DataFrame, dict[str, int]]:
    pairs = requests[KEYS].drop_duplicates()
    found = outcomes(book, pairs, definition=base.definition, observed_until=observed_until).astype({"as_of": DAY})
    labelled = requests.merge(found[[*KEYS, "default_flag", "in_default_flag"]], on=KEYS, how="left", validate="m:1")
    mature = labelled["default_flag"].notna()
    performing = ~labelled["in_default_flag"].astype(bool)
    counts = {"immature_count": int((~mature).sum()), "in_default_count": int((mature & ~performing).sum())}
    return labelled[mature & performing].drop(columns="in_default_flag"), counts


def _measured(book: Book, base: Bundle, requests: pd.DataFrame, min_history_days: int) -> pd.DataFrame:
    """Add what the requests ask for and the base log-odds, from what was known on the day before each."""
    usual = history_features()
    wanted = {feature.name: feature for feature in (*base.features, *usual)}
    pairs = requests[KEYS].drop_duplicates()
    observed = observe(book, pairs, features=tuple(wanted.values())).astype({"as_of": DAY})
    matrix = feature_matrix(observed, base.features)
    # The base's own features may bear the names of what is asked, so they stay behind.
    told = observed[[*KEYS, *(feature.name for feature in usual)]]
    told = told.assign(**{BASE: base.model.log_odds(matrix) if len(matrix) else np.empty(0)})
    rows = requests.merge(told, on=KEYS, how="left", validate="m:1")
    asked = asked_of(rows, min_days=min_history_days)
    kept = rows[[*REQUEST, "default_flag", BASE]]
    return kept.assign(**{name: asked[:, place] for place, name in enumerate(ASKED)})

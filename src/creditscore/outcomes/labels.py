"""Labels: what became of each observed customer within the horizon, missing while the window has not ended."""

from datetime import date

import ibis
import ibis.expr.types as ir
import pandas as pd
import pyarrow as pa

from creditscore.book import Book, Relations
from creditscore.domain import several, text
from creditscore.errors import ContractError, ParameterError, some
from creditscore.outcomes.calendar import months_later
from creditscore.outcomes.definition import DefaultDefinition
from creditscore.outcomes.spells import default_spells

KEYS = ["customer_id", "as_of"]
NO = ibis.literal(value=False)


def outcomes(
    book: Book, observations: pd.DataFrame, *, definition: DefaultDefinition, observed_until: date | None = None
) -> pd.DataFrame:
    """Label each observation with what happened in ``(as_of, as_of + horizon_months]``.

    The ledger and the events are read by event time, in the version of each fact known on ``observed_until``; facts
    that became known later are not used. A window that ends after ``observed_until`` has no label at all, not even
    where a default was seen in it already: keeping only those would make unfinished windows look riskier than they are.

    Parameters
    ----------
    book
        The book.
    observations
        Columns ``customer_id`` and ``as_of`` (days); other columns are ignored, repeated rows are kept.
    definition
        What counts as a default, and the horizon.
    observed_until
        Last day of observation; by default the last day on which the book learned of an invoice or a facility.

    Returns
    -------
    DataFrame
        Sorted by ``customer_id`` and ``as_of``, one row an observation:

        * ``in_default_flag`` (bool): in default on ``as_of``; such a row is no case of *entering* default, leave it out
          of training and tests;
        * ``default_flag`` (float64): 1 if the customer enters default in the window, 0 if not, missing while the
          window has not ended;
        * ``default_on`` (datetime64[ms]): day of the first entry where ``default_flag`` is 1, missing elsewhere.

    Raises
    ------
    ParameterError
        If the observations lack a column, hold a missing key or a time of day.
    ContractError
        If an observed customer is in none of the book's customers, invoices and facilities, or the definition asks for
        days past due and the book has invoices but no payments: labels would be guesses.
    """
    observed = _observed(observations)
    demand_payments(book, definition)
    until = observed_until or book.known_days()[1]
    with book.relations() as relations:
        rows = ibis.memtable(observed)
        _demand_known_customers(relations, rows)
        since = min(observed["as_of"].to_pylist(), default=until)
        labels = labelled(relations, rows, definition=definition, observed_until=until, since=since)
        found = relations.fetch(labels.order_by(KEYS))
    return _frame(found)


def labelled(
    relations: Relations,
    rows: ir.Table,
    *,
    definition: DefaultDefinition,
    observed_until: date,
    since: date | None = None,
) -> ir.Table:
    """Return the labels of observations as an expression in no order; they are those of :func:`outcomes`, unchecked.

    Parameters
    ----------
    relations
        The open book.
    rows
        Observations: ``customer_id`` and ``as_of``.
    definition, observed_until
        As for :func:`outcomes`.
    since
        A day that no observation is earlier than: what was settled by then need not be followed. By default
        observations may be of any day.
    """
    spells = default_spells(relations, definition, observed_until=observed_until, since=since)
    ahead = rows.select(*KEYS).join(_standing(rows.select(*KEYS).distinct(), spells), KEYS)
    window_end = months_later(ahead.as_of, definition.horizon_months)
    mature = window_end <= observed_until
    entered = (ahead.next_on <= window_end).fill_null(NO)
    return ahead.select(
        *KEYS,
        in_default_flag=(ahead.in_default_until > ahead.as_of).fill_null(NO),
        default_flag=mature.ifelse(entered.cast("float64"), None),
        default_on=(mature & entered).ifelse(ahead.next_on, None),
    )


def _standing(asked: ir.Table, spells: ir.Table) -> ir.Table:
    """Return until when each customer is in default by what was entered so far, and when it enters next."""
    met = asked.left_join(spells, "customer_id")
    so_far, ahead = met.entered_on <= met.as_of, met.entered_on > met.as_of
    return met.group_by(*KEYS).agg(
        in_default_until=so_far.ifelse(met.in_default_until, ibis.null("date")).max(),
        next_on=ahead.ifelse(met.entered_on, ibis.null("date")).min(),
    )


def _observed(observations: pd.DataFrame) -> pa.Table:
    lacking = [key for key in KEYS if key not in observations.columns]
    if lacking:
        raise ParameterError(
            where="observations", found=f"Column {some(lacking)} is missing.", fix="Give customer_id and as_of."
        )
    empty = int(observations[KEYS].isna().any(axis=1).sum())
    if empty:
        raise ParameterError(
            where="observations", found=f"{empty} rows lack a customer or a day.", fix="Leave those rows out."
        )
    days = pd.to_datetime(observations["as_of"]).astype("datetime64[ms]")
    if (days != days.dt.normalize()).any():
        raise ParameterError(
            where="observations", found="as_of holds a time of day.", fix="Give days, such as 2024-06-30."
        )
    return pa.table(
        {
            "customer_id": pa.array(observations["customer_id"].astype("str"), type=pa.string(), from_pandas=True),
            "as_of": pa.array(days, type=pa.timestamp("ms"), from_pandas=True).cast(pa.date32()),
        }
    )


def demand_payments(book: Book, definition: DefaultDefinition) -> None:
    """Refuse a definition that asks for days past due of a book that has invoices but no payments."""
    if definition.days_past_due is not None and book.has("invoices") and not book.has("payments"):
        raise ContractError(
            where=f"book {book.folder.name!r}",
            found="It has invoices but no payments, so every invoice would look unpaid.",
            fix="Ingest the payments, or define default by events alone with days_past_due=None.",
        )


def _demand_known_customers(relations: Relations, rows: ir.Table) -> None:
    known = [relations.table(name).select("customer_id") for name in ("customers", "invoices", "facilities")]
    asked = rows.select("customer_id").distinct()
    strangers = asked.anti_join(ibis.union(*known), "customer_id").order_by("customer_id")
    names = relations.fetch(strangers)["customer_id"].to_pylist()
    if names:
        raise ContractError(
            where="observations",
            found=text(
                "{count} customers are not in the book, such as {customers}.",
                count=len(names),
                customers=several(names),
            ),
            fix="Observe customers of the book, or ingest their facts first.",
        )


def _frame(found: pa.Table) -> pd.DataFrame:
    frame = found.to_pandas()
    return pd.DataFrame(
        {
            "customer_id": frame["customer_id"].astype("str"),
            "as_of": pd.to_datetime(frame["as_of"]).astype("datetime64[ms]"),
            "in_default_flag": frame["in_default_flag"].astype(bool),
            "default_flag": frame["default_flag"].astype("float64"),
            "default_on": pd.to_datetime(frame["default_on"]).astype("datetime64[ms]"),
        }
    )

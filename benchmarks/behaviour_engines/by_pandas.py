"""The 21 features in pandas, written for speed: keys become whole numbers once, and each window is cut out once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pandas.api.typing import DataFrameGroupBy

from behaviour_engines.features import COLUMNS, FEATURES
from creditscore.book import Book


@dataclass(frozen=True, slots=True)
class Ledger:
    """The facts known by the last day; ``invoice`` is the number of an invoice, ``customer_id`` a category."""

    customers: pd.DataFrame
    invoices: pd.DataFrame
    payments: pd.DataFrame


def behaviour(book: Book, days: Sequence[date]) -> pa.Table:
    """Return the 21 features of each customer on each day."""
    ledger = read(book, max(days))
    snapshots = pd.concat([snapshot(ledger, pd.Timestamp(day)) for day in days])
    return pa.Table.from_pandas(snapshots.sort_values(["customer_id", "as_of"]), preserve_index=False)


def read(book: Book, last: date) -> Ledger:
    """Read the columns that are needed, number the invoices, and date the end of each version."""
    customers, invoices, payments = (_read(book, name, last) for name in ("customers", "invoices", "payments"))
    invoices = _with_validity(invoices, "invoice_id")
    payments = _with_validity(payments, "payment_id")
    numbers, keys = pd.factorize(invoices.pop("invoice_id"))
    paid = pc.index_in(pa.array(payments.pop("invoice_id")), pa.array(keys))
    return Ledger(
        customers=customers,
        invoices=invoices.assign(invoice=numbers),
        payments=payments.drop(columns="payment_id").assign(invoice=paid.fill_null(-1).to_numpy()),
    )


def _read(book: Book, name: str, last: date) -> pd.DataFrame:
    table = pq.read_table(
        book.path(name),
        columns=list(COLUMNS[name]),
        filters=[("known_on", "<=", last)],
        read_dictionary=["customer_id"] if name == "invoices" else None,
    )
    return table.to_pandas(date_as_object=False, self_destruct=True)


def _with_validity(facts: pd.DataFrame, key: str) -> pd.DataFrame:
    """Add the day of the next version, which stands in the next row of the book."""
    replaced = facts[key].eq(facts[key].shift(-1))
    return facts.assign(superseded_on=facts["known_on"].shift(-1).where(replaced))


def _held(facts: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    return facts[(facts["known_on"] <= as_of) & ~(facts["superseded_on"] <= as_of)]


def snapshot(ledger: Ledger, as_of: pd.Timestamp) -> pd.DataFrame:
    """Return the 21 features of each customer known on ``as_of``."""
    known = ledger.customers.loc[ledger.customers["known_on"] <= as_of, "customer_id"].drop_duplicates()
    rows = receivables(ledger, as_of)
    parts = (payback(rows, as_of), delays(rows, as_of), orders(rows, as_of), exposure(rows, as_of))
    found = pd.concat(parts, axis="columns").reindex(known.rename("customer_id"))
    whole = ["orders_90d_count", "orders_365d_amount", "open_amount", "overdue_amount"]
    found[whole] = found[whole].fillna(0)
    return found[list(FEATURES)].astype("float64").reset_index().assign(as_of=as_of)


def receivables(ledger: Ledger, as_of: pd.Timestamp) -> pd.DataFrame:
    """Return one row an invoice with what was paid on it, as known on ``as_of``."""
    invoices, payments = _held(ledger.invoices, as_of), _held(ledger.payments, as_of)
    due_on = np.empty(len(ledger.invoices) + 1, invoices["due_on"].dtype)
    due_on[invoices["invoice"]] = invoices["due_on"]
    in_time = payments["paid_on"].to_numpy() <= due_on[payments["invoice"]]
    payments = payments.assign(in_time=payments["amount"].where(in_time, 0))
    paid = payments.groupby("invoice").agg(
        paid=("amount", "sum"), in_time=("in_time", "sum"), last_paid_on=("paid_on", "max"), parts=("amount", "size")
    )
    rows = invoices.join(paid, on="invoice")
    rows[["paid", "in_time"]] = rows[["paid", "in_time"]].fillna(0).astype("int64")
    return rows


def payback(rows: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    """Return what was paid by the due day of what fell due in each window."""
    due = rows.assign(age=(as_of - rows["due_on"]).dt.days, billed=rows["amount"].clip(lower=0))
    due = due.loc[due["age"].between(1, 365), ["customer_id", "age", "billed", "in_time"]]
    due["in_time"] = due[["in_time", "billed"]].min(axis="columns")
    shares = {}
    for days in (365, 180, 90):
        sums = _by_customer(due[due["age"] <= days])[["in_time", "billed"]].sum()
        shares[f"payback_{days}d_ratio"] = _ratio(sums["in_time"], sums["billed"])
    return pd.DataFrame(shares)


def delays(rows: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    """Return how late the settled invoices of each window were paid, and when the last payment came."""
    settled = rows[(rows["amount"] > 0) & (rows["paid"] >= rows["amount"])]
    settled = settled.assign(age=(as_of - settled["last_paid_on"]).dt.days)
    settled = settled[settled["age"].between(0, 364)]
    delay = (settled["last_paid_on"] - settled["due_on"]).dt.days
    settled = settled.assign(
        delay=delay,
        late=delay > 0,
        weighted=settled["amount"] * delay,
        paying=(settled["last_paid_on"] - settled["issued_on"]).dt.days,
        partial=settled["parts"] > 1,
    )
    year, recent = _by_customer(settled), _by_customer(settled[settled["age"].between(0, 89)])["delay"]
    older = _by_customer(settled[settled["age"].between(90, 364)])["delay"]
    return pd.DataFrame(
        {
            "delay_mean_90d_days": recent.mean(),
            "delay_weighted_365d_days": year["weighted"].sum() / year["amount"].sum(),
            "delay_worst_90d_days": recent.max(),
            "late_share_365d_ratio": year["late"].mean(),
            "delay_trend_days": recent.mean() - older.mean(),
            "delay_volatility_365d_days": year["delay"].std(),
            "paying_days_365d_days": year["paying"].mean(),
            "partial_payment_share_365d_ratio": year["partial"].mean(),
            "since_payment_days": (as_of - _by_customer(rows)["last_paid_on"].max()).dt.days,
        }
    )


def orders(rows: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    """Return what was ordered in each window."""
    issued = rows.assign(
        age=(as_of - rows["issued_on"]).dt.days,
        billed=rows["amount"].clip(lower=0),
        credited=-rows["amount"].clip(upper=0),
    )
    year = issued[issued["age"].between(0, 364)]
    recent, before = year[year["age"].between(0, 89)], year[year["age"].between(90, 359)]
    sums = _by_customer(year)[["billed", "credited"]].sum()
    trend = _by_customer(recent)["billed"].sum().reindex(sums.index, fill_value=0) * 3
    return pd.DataFrame(
        {
            "orders_90d_count": _by_customer(recent[recent["amount"] > 0]).size(),
            "orders_365d_amount": sums["billed"],
            "orders_trend_ratio": _ratio(trend, _by_customer(before)["billed"].sum()),
            "since_order_days": (as_of - _by_customer(issued[issued["amount"] > 0])["issued_on"].max()).dt.days,
            "order_largest_share_365d_ratio": _ratio(_by_customer(year)["billed"].max(), sums["billed"]),
            "credit_note_365d_ratio": _ratio(sums["credited"], sums["billed"]),
        }
    )


def exposure(rows: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    """Return what is open and past due."""
    rows = rows[rows["amount"] > rows["paid"]]
    rows = rows.assign(open_amount=rows["amount"] - rows["paid"])
    rows["overdue_amount"] = rows["open_amount"].where(rows["due_on"] < as_of, 0)
    sums = _by_customer(rows)[["open_amount", "overdue_amount"]].sum()
    return sums.assign(overdue_ratio=_ratio(sums["overdue_amount"], sums["open_amount"]))


def _by_customer(rows: pd.DataFrame) -> DataFrameGroupBy:
    return rows.groupby("customer_id", observed=True)


def _ratio(part: pd.Series, whole: pd.Series) -> pd.Series:
    return part / whole.where(whole != 0)

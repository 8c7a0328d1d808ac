"""The 21 features in Polars, lazily from the files and streamed: sums of masked columns, and ratios of the sums."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl
import pyarrow as pa

from behaviour_engines.features import COLUMNS, FEATURES
from creditscore.book import Book


@dataclass(frozen=True, slots=True)
class Facts:
    """Facts known by the last day, each with the day of its next version."""

    customers: pl.LazyFrame
    invoices: pl.LazyFrame
    payments: pl.LazyFrame


def behaviour(book: Book, days: Sequence[date]) -> pa.Table:
    """Return the 21 features of each customer on each day; several days share what is read."""
    facts = scanned(book, max(days)) if len(days) == 1 else numbered(scanned(book, max(days)))
    snapshots = [snapshot(facts, day).collect(engine="streaming") for day in days]
    return pl.concat(snapshots).sort("customer_id", "as_of").to_arrow()


def scanned(book: Book, last: date) -> Facts:
    """Scan the files; the next version of a fact stands in the next row of the book."""

    def scan(name: str, key: str) -> pl.LazyFrame:
        facts = pl.scan_parquet(book.path(name)).select(COLUMNS[name]).filter(pl.col("known_on") <= last)
        replaced = pl.col(key) == pl.col(key).shift(-1)
        return facts.with_columns(superseded_on=pl.when(replaced).then(pl.col("known_on").shift(-1)))

    return Facts(scan("customers", "customer_id"), scan("invoices", "invoice_id"), scan("payments", "payment_id"))


def numbered(facts: Facts) -> Facts:
    """Read the facts once, with whole numbers for the keys of the invoices."""
    invoices = facts.invoices.with_columns(number=pl.col("invoice_id").rle_id()).collect(engine="streaming")
    numbers = invoices.lazy().select("invoice_id", "number").unique()
    payments = facts.payments.drop("payment_id").join(numbers, on="invoice_id").collect(engine="streaming")
    return Facts(
        facts.customers,
        *(table.lazy().drop("invoice_id").rename({"number": "invoice_id"}) for table in (invoices, payments)),
    )


def snapshot(facts: Facts, as_of: date) -> pl.LazyFrame:
    """Return the 21 features of each customer known on ``as_of``."""
    sums = windows(receivables(facts, as_of), as_of).group_by("customer_id").agg(**aggregates())
    known = held(facts.customers, as_of).select("customer_id", as_of=as_of)
    return features(known.join(sums, on="customer_id", how="left")).select("customer_id", "as_of", *FEATURES)


def held(facts: pl.LazyFrame, as_of: date) -> pl.LazyFrame:
    """Keep the versions that hold on ``as_of``."""
    replaced = (pl.col("superseded_on") <= as_of).fill_null(value=False)
    return facts.filter((pl.col("known_on") <= as_of) & ~replaced)


def receivables(facts: Facts, as_of: date) -> pl.LazyFrame:
    """Return one row an invoice with what was paid on it, as known on ``as_of``."""
    payments = held(facts.payments, as_of).select("invoice_id", "paid_on", money="amount")
    joined = held(facts.invoices, as_of).join(payments, on="invoice_id", how="left")
    # All that an invoice says is a key: Polars groups faster so than by taking the first of each group.
    return joined.group_by("invoice_id", "customer_id", "issued_on", "due_on", "amount").agg(
        paid=pl.col("money").sum(),
        in_time=pl.when(pl.col("paid_on") <= pl.col("due_on")).then("money").sum(),
        last_paid_on=pl.col("paid_on").max(),
        parts=pl.col("paid_on").count(),
    )


def windows(rows: pl.LazyFrame, as_of: date) -> pl.LazyFrame:
    """Add amounts and days, and for each window whether it sees the row."""
    days = rows.with_columns(
        issued=(as_of - pl.col("issued_on")).dt.total_days(),
        due=(as_of - pl.col("due_on")).dt.total_days(),
        settled=pl.when((pl.col("amount") > 0) & (pl.col("paid") >= pl.col("amount"))).then(
            (as_of - pl.col("last_paid_on")).dt.total_days()
        ),
        delay=(pl.col("last_paid_on") - pl.col("due_on")).dt.total_days(),
        paying=(pl.col("last_paid_on") - pl.col("issued_on")).dt.total_days(),
        billed=pl.max_horizontal("amount", 0),
        credited=pl.max_horizontal(-pl.col("amount"), 0),
        open=pl.max_horizontal(pl.col("amount") - pl.col("paid"), 0),
    )
    return days.with_columns(
        in_time=pl.min_horizontal("in_time", "billed"),
        settled_90=pl.col("settled").is_between(0, 89),
        settled_365=pl.col("settled").is_between(0, 364),
        settled_before=pl.col("settled").is_between(90, 364),
        issued_90=pl.col("issued").is_between(0, 89),
        issued_365=pl.col("issued").is_between(0, 364),
        issued_before=pl.col("issued").is_between(90, 359),
        **{f"due_{days}": pl.col("due").is_between(1, days) for days in (90, 180, 365)},
    )


def aggregates() -> dict[str, pl.Expr]:
    """Return the sums, means and extremes of each customer."""
    delay, billed = pl.col("delay"), pl.col("billed")
    return {
        **{f"in_time_{days}": _where(f"due_{days}", pl.col("in_time")).sum() for days in (90, 180, 365)},
        **{f"due_{days}": _where(f"due_{days}", billed).sum() for days in (90, 180, 365)},
        "delay_mean_90d_days": _where("settled_90", delay).mean(),
        "delay_before": _where("settled_before", delay).mean(),
        "weighted": _where("settled_365", delay * billed).sum(),
        "settled": _where("settled_365", billed).sum(),
        "delay_worst_90d_days": _where("settled_90", delay).max(),
        "late_share_365d_ratio": _where("settled_365", delay > 0).mean(),
        "delay_volatility_365d_days": _where("settled_365", delay).std(),
        "paying_days_365d_days": _where("settled_365", pl.col("paying")).mean(),
        "partial_payment_share_365d_ratio": _where("settled_365", pl.col("parts") > 1).mean(),
        "last_paid_on": pl.col("last_paid_on").max(),
        "orders_90d_count": (pl.col("issued_90") & (pl.col("amount") > 0)).sum(),
        "orders_90d_amount": _where("issued_90", billed).sum(),
        "orders_365d_amount": _where("issued_365", billed).sum(),
        "orders_before": _where("issued_before", billed).sum(),
        "last_issued_on": pl.when(pl.col("amount") > 0).then("issued_on").max(),
        "largest": _where("issued_365", billed).max(),
        "credited": _where("issued_365", pl.col("credited")).sum(),
        "open_amount": pl.col("open").sum(),
        "overdue_amount": pl.when(pl.col("due") > 0).then("open").sum(),
    }


def features(sums: pl.LazyFrame) -> pl.LazyFrame:
    """Add what is made of the sums: ratios, a difference, days since; a sum over no row is 0."""
    return sums.with_columns(
        pl.col("orders_90d_count", "orders_365d_amount", "open_amount", "overdue_amount").fill_null(0),
        **{f"payback_{days}d_ratio": _ratio(pl.col(f"in_time_{days}"), f"due_{days}") for days in (90, 180, 365)},
        delay_weighted_365d_days=_ratio(pl.col("weighted"), "settled"),
        delay_trend_days=pl.col("delay_mean_90d_days") - pl.col("delay_before"),
        since_payment_days=(pl.col("as_of") - pl.col("last_paid_on")).dt.total_days(),
        since_order_days=(pl.col("as_of") - pl.col("last_issued_on")).dt.total_days(),
        orders_trend_ratio=_ratio(pl.col("orders_90d_amount") * 3, "orders_before"),
        order_largest_share_365d_ratio=_ratio(pl.col("largest"), "orders_365d_amount"),
        credit_note_365d_ratio=_ratio(pl.col("credited"), "orders_365d_amount"),
        overdue_ratio=_ratio(pl.col("overdue_amount"), "open_amount"),
    )


def _where(window: str, value: pl.Expr) -> pl.Expr:
    return pl.when(window).then(value)


def _ratio(part: pl.Expr, whole: str) -> pl.Expr:
    return part / pl.when(pl.col(whole) != 0).then(whole)

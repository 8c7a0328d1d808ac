"""The 21 features in SQL by hand, on DuckDB: one query for each day, with its conditions inside the aggregates."""

from collections.abc import Sequence
from datetime import date

import duckdb
import pyarrow as pa

from behaviour_engines.features import COLUMNS
from creditscore.book import Book

# A day is asked of the files; several days are asked of a copy in memory.
FACTS = """
CREATE TEMP {kind} {name} AS
SELECT {columns}, lead(known_on) OVER (PARTITION BY {key} ORDER BY known_on) AS superseded_on
FROM read_parquet('{file}')
"""

SNAPSHOT = """
WITH invoices AS (
    FROM all_invoices WHERE known_on <= $as_of AND coalesce(superseded_on > $as_of, true)
), payments AS (
    FROM all_payments WHERE known_on <= $as_of AND coalesce(superseded_on > $as_of, true)
), paid AS (
    SELECT
        invoice_id,
        sum(payments.amount)::BIGINT AS paid,
        sum(CASE WHEN paid_on <= due_on THEN payments.amount ELSE 0 END)::BIGINT AS in_time,
        max(paid_on) AS last_paid_on,
        count(*) AS parts
    FROM payments JOIN invoices USING (invoice_id)
    GROUP BY invoice_id
), receivables AS (
    SELECT
        customer_id, issued_on, amount, last_paid_on, parts,
        greatest(amount, 0) AS billed,
        greatest(-amount, 0) AS credited,
        least(coalesce(in_time, 0), greatest(amount, 0)) AS in_time,
        greatest(amount - coalesce(paid, 0), 0) AS open,
        $as_of - issued_on AS issued,
        $as_of - due_on AS due,
        CASE WHEN amount > 0 AND paid >= amount THEN $as_of - last_paid_on END AS settled,
        last_paid_on - due_on AS delay,
        last_paid_on - issued_on AS paying
    FROM invoices LEFT JOIN paid USING (invoice_id)
), sums AS (
    SELECT
        customer_id,
        sum(CASE WHEN due BETWEEN 1 AND 90 THEN in_time END)
            / nullif(sum(CASE WHEN due BETWEEN 1 AND 90 THEN billed END), 0) AS payback_90d_ratio,
        sum(CASE WHEN due BETWEEN 1 AND 180 THEN in_time END)
            / nullif(sum(CASE WHEN due BETWEEN 1 AND 180 THEN billed END), 0) AS payback_180d_ratio,
        sum(CASE WHEN due BETWEEN 1 AND 365 THEN in_time END)
            / nullif(sum(CASE WHEN due BETWEEN 1 AND 365 THEN billed END), 0) AS payback_365d_ratio,
        avg(CASE WHEN settled BETWEEN 0 AND 89 THEN delay END) AS delay_mean_90d_days,
        sum(CASE WHEN settled BETWEEN 0 AND 364 THEN delay * billed END)
            / nullif(sum(CASE WHEN settled BETWEEN 0 AND 364 THEN billed END), 0) AS delay_weighted_365d_days,
        max(CASE WHEN settled BETWEEN 0 AND 89 THEN delay END) AS delay_worst_90d_days,
        avg(CASE WHEN settled BETWEEN 0 AND 364 THEN (delay > 0)::INT END) AS late_share_365d_ratio,
        avg(CASE WHEN settled BETWEEN 0 AND 89 THEN delay END)
            - avg(CASE WHEN settled BETWEEN 90 AND 364 THEN delay END) AS delay_trend_days,
        stddev_samp(CASE WHEN settled BETWEEN 0 AND 364 THEN delay END) AS delay_volatility_365d_days,
        avg(CASE WHEN settled BETWEEN 0 AND 364 THEN paying END) AS paying_days_365d_days,
        avg(CASE WHEN settled BETWEEN 0 AND 364 THEN (parts > 1)::INT END) AS partial_payment_share_365d_ratio,
        $as_of - max(last_paid_on) AS since_payment_days,
        sum(CASE WHEN issued BETWEEN 0 AND 89 AND amount > 0 THEN 1 ELSE 0 END) AS orders_90d_count,
        sum(CASE WHEN issued BETWEEN 0 AND 364 THEN billed ELSE 0 END) AS orders_365d_amount,
        sum(CASE WHEN issued BETWEEN 0 AND 89 THEN billed ELSE 0 END) * 3
            / nullif(sum(CASE WHEN issued BETWEEN 90 AND 359 THEN billed END), 0) AS orders_trend_ratio,
        $as_of - max(CASE WHEN amount > 0 THEN issued_on END) AS since_order_days,
        max(CASE WHEN issued BETWEEN 0 AND 364 THEN billed END)
            / nullif(sum(CASE WHEN issued BETWEEN 0 AND 364 THEN billed END), 0) AS order_largest_share_365d_ratio,
        sum(CASE WHEN issued BETWEEN 0 AND 364 THEN credited END)
            / nullif(sum(CASE WHEN issued BETWEEN 0 AND 364 THEN billed END), 0) AS credit_note_365d_ratio,
        sum(open) AS open_amount,
        sum(CASE WHEN due > 0 THEN open ELSE 0 END) AS overdue_amount,
        sum(CASE WHEN due > 0 THEN open ELSE 0 END) / nullif(sum(open), 0) AS overdue_ratio
    FROM receivables GROUP BY customer_id
)
SELECT customer_id, $as_of::DATE AS as_of, * EXCLUDE (customer_id) REPLACE (
    coalesce(orders_90d_count, 0) AS orders_90d_count,
    coalesce(orders_365d_amount, 0) AS orders_365d_amount,
    coalesce(open_amount, 0) AS open_amount,
    coalesce(overdue_amount, 0) AS overdue_amount
)
FROM (SELECT DISTINCT customer_id FROM all_customers WHERE known_on <= $as_of)
LEFT JOIN sums USING (customer_id)
ORDER BY customer_id
"""


def behaviour(book: Book, days: Sequence[date]) -> pa.Table:
    """Return the 21 features of each customer on each day."""
    with duckdb.connect() as connection:
        for name in COLUMNS:
            connection.execute(_facts(book, name, "VIEW" if len(days) == 1 else "TABLE"))
        snapshots = [connection.sql(SNAPSHOT, params={"as_of": day}).to_arrow_table() for day in days]
    return pa.concat_tables(snapshots).sort_by([("customer_id", "ascending"), ("as_of", "ascending")])


def _facts(book: Book, name: str, kind: str) -> str:
    key, columns = COLUMNS[name][0], ", ".join(COLUMNS[name])
    return FACTS.format(kind=kind, name=f"all_{name}", key=key, columns=columns, file=book.path(name))

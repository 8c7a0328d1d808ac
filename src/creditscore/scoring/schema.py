"""Tables of the score store."""

from datetime import date

import sqlalchemy as sa

from creditscore.decisions.reserves import MOVEMENT_AMOUNTS

SCHEMA_VERSION = 5

metadata = sa.MetaData()

schema_version = sa.Table("schema_version", metadata, sa.Column("version", sa.Integer, primary_key=True))

# One row a run: what was scored, with what, and what came out. Rows are never changed.
runs = sa.Table(
    "runs",
    metadata,
    sa.Column("run_id", sa.String(32), primary_key=True),
    sa.Column("as_of", sa.Date, nullable=False),
    sa.Column("horizon_months", sa.Integer, nullable=False),
    sa.Column("customer_count", sa.BigInteger, nullable=False),
    sa.Column("green_count", sa.BigInteger, nullable=False),
    sa.Column("yellow_count", sa.BigInteger, nullable=False),
    sa.Column("red_count", sa.BigInteger, nullable=False),
    sa.Column("governed_green_count", sa.BigInteger, nullable=False),
    sa.Column("governed_yellow_count", sa.BigInteger, nullable=False),
    sa.Column("governed_red_count", sa.BigInteger, nullable=False),
    sa.Column("exposure_amount", sa.BigInteger, nullable=False),
    sa.Column("reserve_amount", sa.BigInteger, nullable=False),
    sa.Column("held_amount", sa.BigInteger, nullable=False),
    sa.Column("yellow_alert_count", sa.BigInteger, nullable=False),
    sa.Column("red_alert_count", sa.BigInteger, nullable=False),
    sa.Column("frozen_count", sa.BigInteger, nullable=False),
    sa.Column("bundle_hash", sa.String(64), nullable=False),
    sa.Column("policy_hash", sa.String(64), nullable=False),
    sa.Column("snapshot_hash", sa.String(64), nullable=False),
    sa.Column("accounts_hash", sa.String(64), nullable=False),
    sa.Column("code_version", sa.Text, nullable=False),
    sa.Column("previous_run_id", sa.String(32)),
    sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("duration_seconds", sa.Double, nullable=False),
)

# One row each time a run became the one that is served for its day; the last row of a day holds.
publications = sa.Table(
    "publications",
    metadata,
    sa.Column("sequence", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True),
    sa.Column("as_of", sa.Date, nullable=False, index=True),
    sa.Column("run_id", sa.ForeignKey("runs.run_id"), nullable=False),
    sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
)


def _run_key() -> sa.Column[str]:
    """Return the column by which a row belongs to its run."""
    return sa.Column("run_id", sa.ForeignKey("runs.run_id"), primary_key=True)


# One row a customer and run. Money is in minor units.
scores = sa.Table(
    "scores",
    metadata,
    _run_key(),
    sa.Column("customer_id", sa.Text, primary_key=True),
    sa.Column("as_of", sa.Date, nullable=False),
    sa.Column("default_probability", sa.Double, nullable=False),
    sa.Column("log_odds", sa.Double, nullable=False),
    sa.Column("score", sa.Double, nullable=False),
    sa.Column("grade", sa.Text, nullable=False),
    sa.Column("colour", sa.Text, nullable=False),
    sa.Column("exposure_amount", sa.BigInteger),
    sa.Column("governed_colour", sa.Text),
    sa.Column("governed_since", sa.Date),
    sa.Column("action", sa.Text),
    sa.Column("limit_amount", sa.BigInteger),
    sa.Column("limit_rule", sa.Text),
    sa.Column("limit_number", sa.Double),
    sa.Column("headroom_amount", sa.BigInteger),
    sa.Column("headroom_rule", sa.Text),
    sa.Column("headroom_number", sa.Double),
    sa.Column("term_days", sa.BigInteger),
    sa.Column("term_rule", sa.Text),
    sa.Column("term_number", sa.Double),
    sa.Column("frozen_by", sa.Text),
    sa.Column("yellow_alert_count", sa.BigInteger),
    sa.Column("red_alert_count", sa.BigInteger),
    sa.Column("reserve_amount", sa.BigInteger),
    sa.Column("held_amount", sa.BigInteger),
    sa.Column("held_basis_points", sa.BigInteger),
    sa.Column("held_exposure_amount", sa.BigInteger),
    sa.Column("reason_1", sa.Text),
    sa.Column("reason_2", sa.Text),
    sa.Column("reason_3", sa.Text),
    sa.Index("scores_of_customer", "customer_id", "as_of"),
)

# One row each time an alert of a receivable changed: opened, escalated, eased or closed. Those that stand have no row.
alert_changes = sa.Table(
    "alert_changes",
    metadata,
    _run_key(),
    sa.Column("invoice_id", sa.Text, primary_key=True),
    sa.Column("customer_id", sa.Text, nullable=False, index=True),
    sa.Column("level", sa.Text, nullable=False),
    sa.Column("opened_on", sa.Date, nullable=False),
    sa.Column("level_since", sa.Date, nullable=False),
    sa.Column("change", sa.Text, nullable=False),
    sa.Column("term_elapsed_ratio", sa.Double, nullable=False),
    sa.Column("paid_ratio", sa.Double, nullable=False),
    sa.Column("days_past_due", sa.BigInteger, nullable=False),
    sa.Column("open_amount", sa.BigInteger, nullable=False),
    sa.Column("rule", sa.Text, nullable=False),
    sa.Column("rule_number", sa.Double, nullable=False),
)

# One row a company and run whose credit is frozen, or was until then.
freezes = sa.Table(
    "freezes",
    metadata,
    _run_key(),
    sa.Column("customer_id", sa.Text, primary_key=True),
    sa.Column("cause_id", sa.Text, nullable=False),
    sa.Column("distance", sa.BigInteger, nullable=False),
    sa.Column("path", sa.Text, nullable=False),
    sa.Column("frozen_on", sa.Date, nullable=False),
    sa.Column("change", sa.Text, nullable=False),
)

# One row for each kind of movement of a customer's reserve in a run.
reserve_movements = sa.Table(
    "reserve_movements",
    metadata,
    _run_key(),
    sa.Column("customer_id", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("amount", sa.BigInteger, nullable=False),
)

# The reserve ledger of a run in total and by segment; opening plus movements is closing in every row.
reserve_closings = sa.Table(
    "reserve_closings",
    metadata,
    _run_key(),
    sa.Column("dimension", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, primary_key=True),
    sa.Column("customer_count", sa.BigInteger, nullable=False),
    sa.Column("unknown_count", sa.BigInteger, nullable=False),
    sa.Column("opening_amount", sa.BigInteger, nullable=False),
    *(sa.Column(name, sa.BigInteger, nullable=False) for name in MOVEMENT_AMOUNTS),
    sa.Column("closing_amount", sa.BigInteger, nullable=False),
    sa.Column("exposure_amount", sa.BigInteger, nullable=False),
    sa.Column("required_amount", sa.BigInteger, nullable=False),
)

# One row an application for credit: its decision record as JSON, and what it is looked up by.
applications = sa.Table(
    "applications",
    metadata,
    sa.Column("record_id", sa.String(64), primary_key=True),
    sa.Column("customer_id", sa.Text, nullable=False, index=True),
    sa.Column("applied_on", sa.Date, nullable=False),
    sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("route", sa.Text, nullable=False),
    sa.Column("outcome", sa.Text, nullable=False),
    sa.Column("policy_hash", sa.String(64), nullable=False),
    sa.Column("record", sa.Text, nullable=False),
)

# One row an application that was posted with a key of its caller's: posted again, it gets the answer of the first time.
idempotency_keys = sa.Table(
    "idempotency_keys",
    metadata,
    sa.Column("caller", sa.Text, primary_key=True),
    sa.Column("key", sa.String(200), primary_key=True),
    sa.Column("request_hash", sa.String(64), nullable=False),
    sa.Column("record_id", sa.ForeignKey("applications.record_id"), nullable=False),
    sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
)

# One row a day that was watched: with what it was compared, and how strictly. A run that was scored again replaces it.
monitored_days = sa.Table(
    "monitored_days",
    metadata,
    sa.Column("as_of", sa.Date, primary_key=True),
    sa.Column("inputs_hash", sa.String(64), nullable=False),
    sa.Column("run_id", sa.ForeignKey("runs.run_id"), nullable=False),
    sa.Column("last_month_on", sa.Date),
    sa.Column("day_before_on", sa.Date),
    sa.Column("customer_count", sa.BigInteger, nullable=False),
    sa.Column("check_count", sa.BigInteger, nullable=False),
    sa.Column("threshold", sa.Double, nullable=False),
    sa.Column("false_alarms_per_month", sa.Double, nullable=False),
)


def _day_key() -> sa.Column[date]:
    """Return the column by which a row belongs to a day that was watched."""
    return sa.Column("as_of", sa.ForeignKey("monitored_days.as_of"), primary_key=True)


# One row a day and thing that was checked against a reference: in the whole book, and where it moved most surely.
monitored_checks = sa.Table(
    "monitored_checks",
    metadata,
    _day_key(),
    sa.Column("reference", sa.Text, primary_key=True),
    sa.Column("measure", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("family", sa.Text, nullable=False),
    sa.Column("book_difference", sa.Double),
    sa.Column("dimension", sa.Text, nullable=False),
    sa.Column("segment", sa.Text, nullable=False),
    sa.Column("difference", sa.Double, nullable=False),
    sa.Column("floor", sa.Double, nullable=False),
    sa.Column("statistic", sa.Double, nullable=False),
    sa.Column("customer_count", sa.BigInteger, nullable=False),
    sa.Column("alarm_flag", sa.Boolean, nullable=False),
)

# One row a day and alarm that opened, stood or was closed on it.
monitored_alarms = sa.Table(
    "monitored_alarms",
    metadata,
    _day_key(),
    sa.Column("alarm_id", sa.String(16), primary_key=True),
    sa.Column("change", sa.Text, nullable=False),
    sa.Column("opened_on", sa.Date, nullable=False),
    sa.Column("quiet_days", sa.BigInteger, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("family", sa.Text, nullable=False),
    sa.Column("reference", sa.Text, nullable=False),
    sa.Column("dimension", sa.Text, nullable=False),
    sa.Column("segment", sa.Text, nullable=False),
    sa.Column("difference", sa.Double, nullable=False),
    sa.Column("effect_points", sa.Double),
    sa.Column("book_effect_points", sa.Double),
    sa.Column("reason_code", sa.Text),
    sa.Column("source", sa.Text),
    sa.Column("measure", sa.Text),
    sa.Column("level", sa.Text),
    sa.Column("raised_on", sa.Date),
    sa.Column("group_effect_points", sa.Double),
    sa.Column("group_dimension", sa.Text),
    sa.Column("group_segment", sa.Text),
)

# One row a change of an alarm that a receiver has accepted, so that nobody is told twice.
alarm_deliveries = sa.Table(
    "alarm_deliveries",
    metadata,
    sa.Column("alarm_id", sa.String(16), primary_key=True),
    sa.Column("change", sa.Text, primary_key=True),
    sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=False),
)

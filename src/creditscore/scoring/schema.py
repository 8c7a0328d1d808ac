"""Tables of the score store."""

import sqlalchemy as sa

SCHEMA_VERSION = 1

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
    sa.Column("exposure_amount", sa.BigInteger, nullable=False),
    sa.Column("reserve_amount", sa.BigInteger, nullable=False),
    sa.Column("bundle_hash", sa.String(64), nullable=False),
    sa.Column("policy_hash", sa.String(64), nullable=False),
    sa.Column("snapshot_hash", sa.String(64), nullable=False),
    sa.Column("code_version", sa.Text, nullable=False),
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

# One row a customer and run. Money is in minor units.
scores = sa.Table(
    "scores",
    metadata,
    sa.Column("run_id", sa.ForeignKey("runs.run_id"), primary_key=True),
    sa.Column("customer_id", sa.Text, primary_key=True),
    sa.Column("as_of", sa.Date, nullable=False),
    sa.Column("default_probability", sa.Double, nullable=False),
    sa.Column("log_odds", sa.Double, nullable=False),
    sa.Column("score", sa.Double, nullable=False),
    sa.Column("grade", sa.Text, nullable=False),
    sa.Column("colour", sa.Text, nullable=False),
    sa.Column("exposure_amount", sa.BigInteger),
    sa.Column("reserve_amount", sa.BigInteger),
    sa.Column("reason_1", sa.Text),
    sa.Column("reason_2", sa.Text),
    sa.Column("reason_3", sa.Text),
    sa.Index("scores_of_customer", "customer_id", "as_of"),
)

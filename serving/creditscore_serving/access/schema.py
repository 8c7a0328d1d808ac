"""Tables of the API keys and of the access log."""

import sqlalchemy as sa

SCHEMA_VERSION = 1

metadata = sa.MetaData()

access_version = sa.Table("access_version", metadata, sa.Column("version", sa.Integer, primary_key=True))

# One row a key. What it may do never changes: another key is made. Of the key itself only a hash is kept.
api_keys = sa.Table(
    "api_keys",
    metadata,
    sa.Column("key_id", sa.String(12), primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("secret_hash", sa.String(64), nullable=False),
    sa.Column("scopes", sa.Text, nullable=False),
    sa.Column("units", sa.Text),
    sa.Column("rate_per_second", sa.Double),
    sa.Column("rate_burst", sa.Double),
    sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("expires_on", sa.Date),
    sa.Column("revoked_at", sa.DateTime(timezone=True)),
    sa.Column("last_used_at", sa.DateTime(timezone=True)),
)

# One row a request: who asked what, and how it was answered. Rows are never changed.
access_log = sa.Table(
    "access_log",
    metadata,
    sa.Column("entry_id", sa.String(40), primary_key=True),
    sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False, index=True),
    sa.Column("caller", sa.Text, nullable=False, index=True),
    sa.Column("key_id", sa.String(12)),
    sa.Column("action", sa.Text, nullable=False),
    sa.Column("status", sa.Integer, nullable=False),
    sa.Column("request_id", sa.Text, nullable=False),
    sa.Column("customer_count", sa.BigInteger, nullable=False),
)

# One row for each customer that a request asked about.
access_log_customers = sa.Table(
    "access_log_customers",
    metadata,
    sa.Column("entry_id", sa.ForeignKey("access_log.entry_id"), primary_key=True),
    sa.Column("customer_id", sa.Text, primary_key=True),
    sa.Index("access_log_of_customer", "customer_id"),
)

_STAYS = "An entry of the access log is never changed."
_SQLITE = "CREATE TRIGGER {table}_{verb} BEFORE {verb} ON {table} BEGIN SELECT RAISE(ABORT, '" + _STAYS + "'); END"
_FUNCTION = (
    "CREATE OR REPLACE FUNCTION {table}_stays() RETURNS trigger LANGUAGE plpgsql AS "
    "$$BEGIN RAISE EXCEPTION '" + _STAYS + "'; END$$"
)
_POSTGRESQL = (
    "CREATE TRIGGER {table}_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
    "FOR EACH STATEMENT EXECUTE FUNCTION {table}_stays()"
)


def _keep(table: sa.Table) -> None:
    """Let the database itself refuse to change or remove a row, until its owner drops the trigger."""
    lines = [("sqlite", _SQLITE.format(table=table.name, verb=verb)) for verb in ("UPDATE", "DELETE")]
    lines += [("postgresql", text.format(table=table.name)) for text in (_FUNCTION, _POSTGRESQL)]
    for dialect, text in lines:
        statement: sa.DDL = sa.DDL(text)  # type: ignore[no-untyped-call]
        sa.event.listen(table, "after_create", statement.execute_if(dialect=dialect))


_keep(access_log)
_keep(access_log_customers)

"""Keys of posted applications, and stores that had no room for them."""

from datetime import date

import pytest
import sqlalchemy as sa

from creditscore.decisions import Application
from creditscore.errors import ReusedKeyError
from creditscore.scoring import DecisionStore, IdempotencyKey, apply_for_credit, score_days
from creditscore.scoring.connection import connected, reading, writing
from creditscore.scoring.schema import SCHEMA_VERSION, schema_version

DAY = date(2023, 2, 28)
ASKED = {"customer_id": "C0000001", "applied_on": DAY, "amount": 5_000_000, "term_days": 60}
KEY = IdempotencyKey(caller="erp", key="k1", request_hash="a" * 64)


def test_a_key_stands_for_one_request_of_one_caller(workspace):
    score_days(workspace, [DAY])
    first = apply_for_credit(workspace, Application(**ASKED), key=KEY)
    apply_for_credit(workspace, Application(**ASKED | {"term_days": 30}), key=KEY)
    with DecisionStore(workspace.store_url) as store:
        assert store.applications() == [first.to_record()]
        assert store.recorded_under(KEY) == first.to_record()
        with pytest.raises(ReusedKeyError, match="another request"):
            store.recorded_under(IdempotencyKey(caller="erp", key="k1", request_hash="b" * 64))
        assert store.recorded_under(IdempotencyKey(caller="crm", key="k1", request_hash="b" * 64)) is None


def test_a_store_without_room_for_keys_gets_it_when_it_is_opened(workspace):
    score_days(workspace, [DAY])
    engine = connected(workspace.store_url, busy_seconds=5)
    with writing(engine) as connection:
        connection.execute(sa.text("DROP TABLE idempotency_keys"))
        connection.execute(sa.update(schema_version).values(version=4))
    with DecisionStore(workspace.store_url) as store:
        assert store.recorded_under(KEY) is None
        assert store.latest_run().as_of == DAY
    with reading(engine) as connection:
        assert connection.scalar(sa.select(schema_version.c.version)) == SCHEMA_VERSION
    engine.dispose()

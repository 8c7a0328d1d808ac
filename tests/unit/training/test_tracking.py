"""Where the record goes, and what happens where it cannot go."""

import logging
from pathlib import Path

import pandas as pd
import pytest

from creditscore.errors import StoreError
from creditscore_training.tracking import DEFAULT_URI, Record, register, tracking_uri_or_default


@pytest.fixture
def record(tmp_path):
    return Record(
        name="unit",
        parameters={},
        tags={},
        metrics={},
        tables={},
        figures={},
        gates=(),
        bundle=tmp_path,
        example=pd.DataFrame({"x": [1.0]}),
        horizon_months=12,
    )


def test_a_given_store_goes_before_the_environment_and_that_before_the_default(monkeypatch):
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    assert tracking_uri_or_default(None) == DEFAULT_URI
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://tracking:5000")
    assert tracking_uri_or_default(None) == "http://tracking:5000"
    assert tracking_uri_or_default("sqlite:///here.db") == "sqlite:///here.db"


def test_a_server_that_does_not_answer_is_a_store_error_that_names_the_setting(record, monkeypatch):
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_TIMEOUT", "2")
    with pytest.raises(StoreError, match="Check MLFLOW_TRACKING_URI"):
        register(record, tracking_uri="http://127.0.0.1:9")


def test_a_failed_record_leaves_the_environment_and_the_loggers_as_they_were(record, monkeypatch):
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    level = logging.getLogger("alembic").level
    with pytest.raises(StoreError):
        register(record, tracking_uri="http://127.0.0.1:9")
    import os  # noqa: PLC0415

    assert "MLFLOW_TRACKING_URI" not in os.environ
    assert logging.getLogger("alembic").level == level


def test_the_registered_code_stands_beside_this_package_and_imports_nothing_of_it():
    from creditscore_training import tracking  # noqa: PLC0415

    code = Path(tracking.REGISTERED_CODE).read_text("utf-8")
    assert "set_model(" in code
    assert "creditscore_training" not in code

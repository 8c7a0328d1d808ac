"""Spark on this machine, and books on which it must agree with the embedded engine."""

import gc
import os
import runpy
import sys
import warnings
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from creditscore.book import TABLES, Book, Spark
from creditscore.book.engines.spark import has_java
from creditscore.book.simulation import Portfolio, simulate

LEAKAGE = Path(__file__).parents[1] / "leakage" / "test_features_knowledge.py"
FIRST = date(2024, 1, 1)
SETTINGS = {
    "spark.master": "local[2]",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
    "spark.sql.shuffle.partitions": "2",
}


@pytest.fixture(scope="session")
def spark():
    """Return the engine on two threads of this machine; it listens on loopback only."""
    sql = pytest.importorskip("pyspark.sql", reason="pyspark is not installed.")
    if not has_java():
        pytest.skip("There is no Java 17 to run Spark.")
    os.environ["PYSPARK_PYTHON"] = sys.executable
    session = sql.SparkSession.builder.config(map=SETTINGS).getOrCreate()
    yield Spark(session)
    with warnings.catch_warnings(action="ignore", category=ResourceWarning):  # py4j leaves sockets to the collector
        session.stop()
        gc.collect()


@pytest.fixture(autouse=True)
def left_sockets():
    """Collect the sockets that py4j leaves within the test whose filter expects them."""
    yield
    gc.collect()


@pytest.fixture(scope="session")
def simulated(tmp_path_factory):
    """Return a simulated portfolio in which every relation has facts."""
    folder = tmp_path_factory.mktemp("simulated")
    return simulate(Portfolio(customers=250, months=20, seed=5), book=folder / "book", truth=folder / "truth")


@pytest.fixture(scope="session")
def corrected(tmp_path_factory):
    """Return the book of the leakage tests, with all that it learned late."""
    facts = runpy.run_path(str(LEAKAGE))
    return facts["written"](tmp_path_factory.mktemp("corrected"), facts["with_facts"](facts["LEARNED"]))


@pytest.fixture(scope="session")
def vast(tmp_path_factory):
    """Return a book of amounts whose sums outgrow 64 bits, with late facts, corrections and payments that move."""
    draws = np.random.default_rng(11)
    customers = [f"C{number}" for number in range(12)]
    tables = {
        "customers": [{"customer_id": name, "known_on": FIRST, "industry_code": "A"} for name in customers],
        "invoices": _invoices(draws, customers),
        "payments": _payments(draws),
    }
    full = {
        name: pa.Table.from_pylist(
            [dict.fromkeys(TABLES[name].schema.names) | row for row in rows], TABLES[name].schema
        )
        for name, rows in tables.items()
    }
    return Book.create(tmp_path_factory.mktemp("vast"), currency="CNY").write(full)


def _invoices(draws, customers):
    rows = {}
    for _ in range(600):
        issued, number = int(draws.integers(0, 300)), f"I{draws.integers(0, 300)}"
        known = issued + int(draws.integers(0, 60))
        rows[number, known] = {
            "invoice_id": number,
            "customer_id": str(draws.choice(customers)),
            "issued_on": FIRST + timedelta(days=issued),
            "due_on": FIRST + timedelta(days=issued + int(draws.integers(0, 60))),
            "amount": int(draws.choice([-40, 0, 10, 10**13, 4 * 10**15])),
            "currency": "CNY",
            "disputed_flag": [None, True, False][draws.integers(0, 3)],
            "known_on": FIRST + timedelta(days=known),
        }
    return list(rows.values())


def _payments(draws):
    rows = {}
    for _ in range(700):
        paid, number = int(draws.integers(0, 330)), f"P{draws.integers(0, 500)}"
        known = paid + int(draws.integers(0, 30))
        rows[number, known] = {
            "payment_id": number,
            "invoice_id": f"I{draws.integers(0, 310)}",
            "paid_on": FIRST + timedelta(days=paid),
            "amount": int(draws.choice([10, 10**13, 4 * 10**15])),
            "known_on": FIRST + timedelta(days=known),
        }
    return list(rows.values())

"""What a day costs after its snapshot: hash, scores with reasons, decisions, files, store; seconds and peak memory.

Run: .venv/bin/python benchmarks/scoring.py [CUSTOMERS]

The model is the shipped recipe's, trained on a simulated portfolio of 5,000 customers. The snapshot repeats theirs,
every fraction moved by about two percent, until there are CUSTOMERS (1,000,000 by default). Below the stages stands
what a user would pick instead of the store: ``DataFrame.to_sql`` into SQLite, without a key or an index. What would be
picked instead of the models is measured by ``benchmarks/inference.py``.
"""

import os
import resource
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import numpy as np
import pandas as pd
from decisions import made_up_accounts

from creditscore.book.simulation import Portfolio, simulate
from creditscore.decisions import decide_day
from creditscore.domain import Workspace
from creditscore.features import snapshot_hash
from creditscore.models import components
from creditscore.policy import load_policy
from creditscore.scoring import Bundle, DailyRun, ScoreStore, open_champion, read_snapshot, score_portfolio, score_rows
from creditscore.scoring.decided import DecidedScores, with_decisions
from creditscore.scoring.files import write_frame
from creditscore_training.pipeline import train
from creditscore_training.recipes import trade_credit

THREADS = min(os.cpu_count() or 1, 4)
STORED = 100_000  # rows that give a steady rate
LINE = "{:<40} {:>8} {:>11} {:>10} {:>9}"
T = TypeVar("T")


def main(customers: int = 1_000_000) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bundle, run, day = portfolio(Workspace(folder / "portfolio"), folder)
        snapshot = repeated(day, customers)
        trees = sum(len(one.trees) for one in components(bundle.model.ranker))
        shape = f"{customers:,} customers, {len(bundle.feature_names)} features, {trees} trees"
        print(f"{shape}, {THREADS} threads; the snapshot holds {snapshot.memory_usage().sum() / 2**30:.2f} GiB")
        print(LINE.format("", "seconds", "CPU seconds", "rows/s", "peak GiB"))
        measured("(before)", 0, lambda: None)
        measured("hash of the snapshot", customers, lambda: snapshot_hash(snapshot))
        scores, _ = measured("scores and reasons", customers, lambda: score_rows(bundle, load_policy(), snapshot))
        accounts = made_up_accounts(scores["customer_id"], np.random.default_rng(1))
        today = scores[["customer_id", "score", "exposure_amount"]].assign(in_default_flag=0.0)
        decided, _ = measured(
            "decisions", customers, lambda: decide_day(load_policy(), accounts, today, as_of=run.as_of, before=None)
        )
        scores = with_decisions(scores, decided)
        measured("file of the snapshot", customers, lambda: write_frame(snapshot, folder / "snapshot.parquet"))
        measured("file of the scores", customers, lambda: write_frame(scores, folder / "scores.parquet"))
        with ScoreStore(f"sqlite:///{folder / 'scores.db'}") as store:
            _, storing = measured(
                "score store, SQLite", customers, lambda: store.publish(run, DecidedScores(scores, decided))
            )
        print("\ninstead")
        theirs = to_sql(scores[:STORED], folder / "pandas.db")
        print(f"{'DataFrame.to_sql':<40} {theirs:>31,.0f}   ours is {storing / theirs:.2f} times as fast")


def portfolio(workspace: Workspace, folder: Path) -> tuple[Bundle, DailyRun, pd.DataFrame]:
    """Simulate and train; return the bundle, a run to publish, and the snapshot of a day."""
    book = simulate(Portfolio(customers=5_000, months=36, seed=7), book=workspace.book, truth=workspace.truth)
    _, last = book.known_days()
    tracking = f"sqlite:///{folder / 'mlflow.db'}"
    train(trade_credit.RECIPE, workspace, as_of=last - timedelta(days=1), tracking_uri=tracking)
    run = score_portfolio(workspace, as_of=last)
    return open_champion(workspace), run, read_snapshot(workspace, as_of=last)


def repeated(day: pd.DataFrame, customers: int) -> pd.DataFrame:
    """Repeat a snapshot until there are enough customers, each with an id and with fractions of its own."""
    random = np.random.default_rng(1)
    take = np.arange(customers) % len(day)
    columns: dict[str, object] = {
        "customer_id": pd.Series([f"C{number:08d}" for number in range(customers)], dtype="str"),
        "as_of": day["as_of"].to_numpy()[take],
    }
    for name in day.columns.difference(columns, sort=False):
        values = day[name].to_numpy(float)
        whole = (np.isnan(values) | (values == np.rint(values))).all()
        columns[name] = values[take] if whole else values[take] * random.normal(1, 0.02, customers)
    return pd.DataFrame(columns)


def measured(what: str, rows: int, work: Callable[[], T]) -> tuple[T, float]:
    """Print what a stage took, and return what it made and how many rows a second that was."""
    start, busy = time.perf_counter(), time.process_time()
    made = work()
    seconds, busy = time.perf_counter() - start, time.process_time() - busy
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(LINE.format(what, f"{seconds:.1f}", f"{busy:.1f}", f"{rows / seconds:,.0f}", f"{peak:.2f}"), flush=True)
    return made, rows / seconds


def to_sql(scores: pd.DataFrame, path: Path) -> float:
    """Return the rows that pandas writes into SQLite in a second."""
    with closing(sqlite3.connect(path)) as connection:
        return rate(len(scores), lambda: scores.to_sql("scores", connection, index=False))


def rate(rows: int, work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return rows / (time.perf_counter() - start)


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:2]))

"""A small simulated portfolio with a bundle that decides, for every test that needs one."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from uuid import uuid4

import numpy as np
import pandas as pd
import pytest
import sqlalchemy as sa

from creditscore.book import Book
from creditscore.book.simulation import Portfolio, simulate
from creditscore.domain import Workspace, month_ends
from creditscore.features import catalogue, observe, panel, to_record
from creditscore.models import CalibratedModel, LogisticCalibration, MonotoneForest
from creditscore.outcomes import DefaultDefinition
from creditscore.policy import decide, load_policy
from creditscore.scoring import BundleContents, FeatureContract, open_champion, score_days, set_champion, write_bundle
from creditscore.scoring.connection import connected, reading
from creditscore.scoring.schema import alert_changes, freezes, reserve_closings, reserve_movements

FEATURES = ("overdue_ratio", "overdue_oldest_days", "payback_365d_ratio", "orders_365d_count", "cooperation_years")
MONTHS = 14

# A console that is made while this is set keeps its width for good, whatever a test asks for.
os.environ.pop("COLUMNS", None)


@pytest.fixture(autouse=True)
def own_store(monkeypatch):
    """Keep every test in its workspace's own SQLite file."""
    monkeypatch.delenv("CREDITSCORE_STORE", raising=False)


@pytest.fixture(scope="session")
def template(tmp_path_factory):
    """A workspace with a book of 120 customers to 2023-02-28 and a champion; copied, never changed."""
    workspace = Workspace(tmp_path_factory.mktemp("portfolio"))
    book = simulate(Portfolio(customers=120, months=MONTHS, seed=5), book=workspace.book, truth=workspace.truth)
    known = {feature.name: feature for feature in catalogue()}
    features = tuple(known[name] for name in FEATURES)
    rows = panel(book, days=month_ends(date(2022, 6, 1), date(2023, 1, 31)), features=features)
    write_bundle(workspace.bundles / "first", contents=_contents(rows, features, seed=1))
    write_bundle(workspace.bundles / "second", contents=_contents(rows, features, seed=2))
    set_champion(workspace, "first", registry_version="1")
    return workspace


def _contents(rows, features, *, seed):
    draws = np.random.default_rng(seed)
    names = [feature.name for feature in features]
    X = rows[names].to_numpy(float)
    risk = -3.6 + 4 * np.nan_to_num(X[:, 0]) + np.nan_to_num(X[:, 1]) / 60
    y = (draws.random(len(X)) < 1 / (1 + np.exp(-risk))).astype(float)
    half = draws.random(len(X)) < 0.5
    forest = MonotoneForest(trees=12, leaves=12, min_leaf=20, seed=seed, threads=1)
    forest.fit(X[half], y[half], monotone=[feature.monotone for feature in features])
    calibration = LogisticCalibration().fit(forest.default_rate(X[~half]), y[~half])
    model = CalibratedModel(forest.ranker_, calibration, feature_names=names, horizon_months=12)
    decisions = decide(load_policy(), log_odds=model.log_odds(X), exposure_amount=np.zeros(len(X), dtype=np.int64))
    judged = rows[["customer_id", "as_of"]].assign(split="test", default_flag=y, score=decisions.score)
    return BundleContents(
        name="tiny",
        model=model,
        features=features,
        definition=DefaultDefinition(version="test-1"),
        policy_hash=load_policy().hash,
        training={"seed": str(seed)},
        metrics={"auc": 0.75},
        evaluation=judged,
        reference=rows.assign(score=decisions.score, grade=decisions.grade),
    )


@pytest.fixture(scope="session")
def contents(template):
    """Make the contents of a bundle with another seed of its training, or with other features of the catalogue."""
    bundle = open_champion(template)
    rows = bundle.reference().drop(columns=["score", "grade"])
    known = {feature.name: feature for feature in catalogue()}

    def make(seed, names=FEATURES):
        features = tuple(known[name] for name in names)
        added = [feature for feature in features if feature.name not in rows.columns]
        keys = rows[["customer_id", "as_of"]]
        found = observe(Book.open(template.book), keys, features=added) if added else keys
        return _contents(rows.merge(found, on=["customer_id", "as_of"]), features, seed=seed)

    return make


@pytest.fixture
def workspace(template, tmp_path):
    """Return a copy of the template for one test."""
    shutil.copytree(template.root, tmp_path / "portfolio")
    return Workspace(tmp_path / "portfolio")


@pytest.fixture
def bundle(template):
    return open_champion(template)


@pytest.fixture(scope="session")
def decided():
    """Ask for every row of a store's tables of decisions, by run and table."""

    def ask(workspace):
        found = {}
        engine = connected(workspace.store_url, busy_seconds=5)
        with reading(engine) as connection:
            for table in (alert_changes, freezes, reserve_movements, reserve_closings):
                for row in connection.execute(sa.select(table)):
                    found.setdefault((row.run_id, table.name), []).append(tuple(row))
        engine.dispose()
        return {key: sorted(rows) for key, rows in found.items()}

    return ask


@pytest.fixture(scope="session")
def policy():
    return load_policy()


@pytest.fixture(scope="session")
def snapshot_rows(template):
    """Return the feature rows of one day, as the daily run makes them."""
    known = {feature.name: feature for feature in catalogue()}
    wanted = tuple(known[name] for name in (*FEATURES, "open_amount"))
    return panel(Book.open(template.book), days=[date(2023, 1, 31)], features=wanted)


@pytest.fixture(scope="session")
def scored_template(template, tmp_path_factory):
    """Return a workspace of which 2023-02-27 and 2023-02-28 are scored; copied, never changed."""
    folder = tmp_path_factory.mktemp("scored") / "portfolio"
    shutil.copytree(template.root, folder)
    score_days(Workspace(folder), [date(2023, 2, 27), date(2023, 2, 28)])
    return Workspace(folder)


@pytest.fixture(scope="module")
def scored(scored_template, tmp_path_factory):
    """Return a copy of the scored workspace for the tests of one file."""
    folder = tmp_path_factory.mktemp("copy") / "portfolio"
    shutil.copytree(scored_template.root, folder)
    return Workspace(folder)


@dataclass
class StandInBundle:
    """What a report reads of a bundle; its model says what the tests can foresee."""

    frame: pd.DataFrame
    policy_hash: str
    name: str = "trade_credit"
    hash: str = "0123456789abcdef" * 4
    horizon_months: int = 12
    definition: DefaultDefinition = field(default_factory=lambda: DefaultDefinition(version="2024-1"))
    feature_names: tuple[str, ...] = ("overdue_ratio", "open_amount")
    training: dict[str, str] = field(default_factory=lambda: {"seed": "7", "book_fingerprint": "ab" * 32})
    metrics: dict[str, float] = field(default_factory=lambda: {"auc_test": 0.8})
    importances: dict[str, float] = field(default_factory=lambda: {"overdue_ratio": 0.7, "open_amount": 0.3})
    features: pd.DataFrame | None = None

    def evaluation(self) -> pd.DataFrame:
        return self.frame

    def tested(self) -> pd.DataFrame | None:
        return self.features

    @property
    def contract(self) -> tuple[FeatureContract, ...]:
        known = {feature.name: feature for feature in catalogue()}
        return tuple(FeatureContract.of(to_record(known[name])) for name in self.feature_names)

    @property
    def model(self) -> "StandInBundle":
        return self

    def contributions(self, X: np.ndarray) -> np.ndarray:
        """Push by the value itself, the overdue ratio from 0.3 on."""
        return np.column_stack([X[:, 0] - 0.3, X[:, 1] / 1e9])


@pytest.fixture(scope="session")
def stand_in_bundle():
    """Return the kind of bundle that reports are made of without training one."""
    return StandInBundle


@pytest.fixture
def postgresql_url(postgresql_server):
    """Return the URL of a new, empty database that sorts texts as people do and not by code point, as most do."""
    import psycopg  # noqa: PLC0415 - only where PostgreSQL is tested

    name = f"scores_{uuid4().hex}"
    with psycopg.connect(f"{postgresql_server.url}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'en-US'")
    return f"{postgresql_server.url}/{name}"


@pytest.fixture(scope="session")
def postgresql_server():
    """Run a PostgreSQL cluster of its own in a temporary folder, and stop it in the end."""
    binaries = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not binaries:
        pytest.skip("PostgreSQL is not installed; apt-get install -y postgresql")
    folder = Path(tempfile.mkdtemp(prefix="creditscore-postgresql-"))
    try:
        with _running(Cluster(binaries[-1], folder)) as cluster:
            yield cluster
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _running(cluster):
    cluster.make()
    cluster.start()
    try:
        yield cluster
    finally:
        cluster.stop()


class Cluster:
    """A PostgreSQL server on a free loopback port, which a test may stop and start again."""

    def __init__(self, binaries, folder):
        self.binaries, self.folder = binaries, folder
        self.data, self.port = folder / "data", _free_port()
        self.url = f"postgresql://tester@127.0.0.1:{self.port}"
        self.owner = _unprivileged(folder)

    def make(self):
        self._run("initdb", "-D", self.data, "-U", "tester", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C")

    def start(self):
        options = f"-c listen_addresses=127.0.0.1 -c port={self.port} -c fsync=off -k {self.folder}"
        self._run("pg_ctl", "-D", self.data, "-w", "-l", self.folder / "log", "-o", options, "start")

    def stop(self):
        if self.processes():
            self._run("pg_ctl", "-D", self.data, "-m", "immediate", "stop")

    def processes(self):
        """Return the id of the server that accepts connections, and of what it started."""
        record = self.data / "postmaster.pid"
        if not record.exists():
            return []
        server = record.read_text("utf-8").splitlines()[0]
        children = Path(f"/proc/{server}/task/{server}/children").read_text("ascii").split()
        return [int(server), *map(int, children)]

    def _run(self, command, *arguments):
        subprocess.run(
            [*self.owner, self.binaries / command, *arguments], check=True, capture_output=True, cwd=self.folder
        )


def _unprivileged(folder):
    """Give the folder to a user who may run PostgreSQL, and return how to become that user; root may not run it."""
    if os.geteuid() != 0:
        return []
    user = pwd.getpwnam("postgres")
    os.chown(folder, user.pw_uid, user.pw_gid)
    return ["runuser", "-u", "postgres", "--"]


def _free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]

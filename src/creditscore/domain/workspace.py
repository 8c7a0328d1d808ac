"""Where the files of one portfolio live."""

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Workspace:
    """The folder of one portfolio; every path below it is named here and nowhere else.

    Parameters
    ----------
    root
        The folder; it need not exist yet.
    """

    root: Path

    @property
    def book(self) -> Path:
        """Folder of the book's tables."""
        return self.root / "book"

    @property
    def quarantine(self) -> Path:
        """Folder of the rows that broke a rule when they were ingested."""
        return self.root / "quarantine"

    @property
    def truth(self) -> Path:
        """Folder of a simulated portfolio's true probabilities, apart from the book so that no feature can reach it."""
        return self.root / "truth"

    @property
    def policy(self) -> Path:
        """Policy file; where it is absent the shipped policy holds."""
        return self.root / "policy.yaml"

    @property
    def policy_files(self) -> tuple[Path, ...]:
        """The policy files that are there: ``policy.yaml``, and ``policy-*.yaml`` for other days."""
        first = [self.policy] if self.policy.exists() else []
        return (*first, *sorted(self.root.glob("policy-*.yaml")))

    @property
    def policies(self) -> Path:
        """Folder of the policies by which scores were decided, each named by its hash."""
        return self.root / "policies"

    @property
    def books(self) -> Path:
        """Folder of what tells which files of the book each daily run saw: one folder a day, in it one file a run."""
        return self.root / "books"

    @property
    def bundles(self) -> Path:
        """Folder of the bundles, one folder each."""
        return self.root / "bundles"

    @property
    def scenarios(self) -> Path:
        """Folder of the scenario models, one folder each, and of which of them decide."""
        return self.root / "scenarios"

    @property
    def scores(self) -> Path:
        """Folder of the daily scores, one folder a day."""
        return self.root / "scores"

    @property
    def decisions(self) -> Path:
        """Folder of what each daily run leaves to the next: one folder a day, in it one a run."""
        return self.root / "decisions"

    @property
    def shadow_scores(self) -> Path:
        """Folder of what the challenger said beside the champion, one folder a day; nothing that serves reads it."""
        return self.root / "shadow_scores"

    @property
    def snapshots(self) -> Path:
        """Folder of the daily snapshots, one folder a day."""
        return self.root / "snapshots"

    @property
    def state(self) -> Path:
        """Folder of the ledger's totals that the daily run carries from day to day; it may be deleted."""
        return self.root / "state"

    @property
    def reports(self) -> Path:
        """Folder of the reports."""
        return self.root / "reports"

    @property
    def evidently(self) -> Path:
        """Folder of the runs that `evidently ui` shows."""
        return self.root / "evidently"

    @property
    def store_url(self) -> str:
        """SQLAlchemy URL of the score store: ``CREDITSCORE_STORE``, or SQLite in this folder."""
        return os.environ.get("CREDITSCORE_STORE") or f"sqlite:///{(self.root / 'scores.db').resolve()}"

    @property
    def access_settings(self) -> Path:
        """File that says who may ask the service and how much: ``CREDITSCORE_ACCESS``, or ``access.yaml`` here."""
        return Path(os.environ.get("CREDITSCORE_ACCESS") or self.root / "access.yaml")

    @property
    def access_url(self) -> str:
        """SQLAlchemy URL of the API keys and the access log: ``CREDITSCORE_ACCESS_STORE``, or beside the scores.

        In PostgreSQL they lie in the database of the scores. Of SQLite they have a file of their own: a file has one
        writer, and a daily run that is being published must not hold up the log.
        """
        beside = "" if self.store_url.startswith("sqlite") else self.store_url
        file = f"sqlite:///{(self.root / 'access.db').resolve()}"
        return os.environ.get("CREDITSCORE_ACCESS_STORE") or beside or file

    @property
    def access_spill(self) -> Path:
        """File that holds what the access log could not be told while its database was away."""
        return self.root / "access-spill.jsonl"

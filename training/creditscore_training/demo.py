"""The main job from end to end on a simulated portfolio: what a newcomer runs first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from creditscore.book import Book
from creditscore.book.simulation import Portfolio, simulate
from creditscore.domain import Progress, Workspace, days_between, silent
from creditscore.reporting import write_accuracy_report, write_drift_report
from creditscore.scoring import DailyRun, score_days
from creditscore_training.pipeline import TrainingResult, train
from creditscore_training.recipes import trade_credit

DAYS_SCORED = 30


@dataclass(frozen=True, slots=True)
class Demonstration:
    """What the demonstration made."""

    training: TrainingResult
    runs: tuple[DailyRun, ...]
    reports: tuple[Path, ...]


def demonstrate(
    portfolio: Portfolio, workspace: Workspace, *, tracking_uri: str | None = None, progress: Progress = silent
) -> Demonstration:
    """Simulate a portfolio, train and register a forest, score its last thirty days one by one, write both reports.

    The forest is trained as of the day before the first scored day: a score must not know more than its day did, and
    neither may the model that gives it.
    """
    book = simulate(portfolio, book=workspace.book, truth=workspace.truth, progress=progress)
    first, last = scored_days(book)
    training = train(
        trade_credit.RECIPE,
        workspace,
        as_of=first - timedelta(days=1),
        tracking_uri=tracking_uri,
        progress=progress,
    )
    runs = score_days(workspace, days=days_between(first, last), progress=progress)
    reports: list[Path] = []
    for write in (write_accuracy_report, write_drift_report):
        progress("reports", len(reports), 2)
        reports.append(write(workspace))
    progress("reports", len(reports), 2)
    return Demonstration(training, runs, tuple(reports))


def scored_days(book: Book) -> tuple[date, date]:
    """Return the first and the last of the thirty days up to the last known fact."""
    _, last = book.known_days()
    return last - timedelta(days=DAYS_SCORED - 1), last


def findings(made: Demonstration, workspace: Path, *, tracking_uri: str) -> list[str]:
    """Say in a few lines what was found and where to look."""
    last, gates = made.runs[-1], made.training.gates
    colours = ", ".join(f"{count:,} {colour}" for colour, count in last.colours.items())
    standing = made.training.standing.role or "not promoted"
    version = made.training.registered_version
    share = last.held_amount / last.exposure_amount
    governed = ", ".join(f"{count:,} {colour}" for colour, count in last.governed_colours.items())
    return [
        "",
        f"[bold]{last.customer_count:,} customers as of {last.as_of}[/]: {colours}",
        f"Trade by the governed colour: {governed}; {last.frozen_count:,} frozen by receivables over 30 days past due",
        f"Reserve: {_major(last.held_amount)} on an exposure of {_major(last.exposure_amount)}, {share:.1%}",
        f"AUC out of time: {_ranking(made.training.metrics)}",
        f"Gates: {sum(gate.passed for gate in gates)} of {len(gates)} passed; version {version} is {standing}",
        "",
        "Look at",
        *[f"  {report}" for report in made.reports],
        *experiments(tracking_uri),
        f"  .venv/bin/creditscore serve --workspace {workspace}",
    ]


def experiments(tracking_uri: str) -> list[str]:
    """Say where the experiments are; an address that may hold a password is not shown."""
    if tracking_uri.startswith("sqlite:"):
        return [f"  .venv/bin/mlflow ui --backend-store-uri {tracking_uri}"]
    return [f"  {tracking_uri}"] if tracking_uri.startswith("http") and "@" not in tracking_uri else []


def _ranking(metrics: Mapping[str, float]) -> str:
    forest = f"{metrics['auc_test']:.3f} ({metrics['auc_test_low']:.3f} to {metrics['auc_test_high']:.3f})"
    baselines = {"logistic regression": "auc_test_logistic", "best single feature": "auc_test_single"}
    return ", ".join([forest, *[f"{name} {metrics[metric]:.3f}" for name, metric in baselines.items()]])


def _major(amount: int) -> str:
    """Write an amount in whole units; the simulated currency has a hundred minor units to one."""
    return f"{amount / 100:,.0f}"

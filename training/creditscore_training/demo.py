"""The main job from end to end on a simulated portfolio: what a newcomer runs first."""

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
    reports = []
    for write in (write_accuracy_report, write_drift_report):
        progress("reports", len(reports), 2)
        reports.append(write(workspace))
    progress("reports", len(reports), 2)
    return Demonstration(training, runs, tuple(reports))


def scored_days(book: Book) -> tuple[date, date]:
    """Return the first and the last of the thirty days up to the last known fact."""
    _, last = book.known_days()
    return last - timedelta(days=DAYS_SCORED - 1), last


def findings(made: Demonstration, workspace: Path) -> list[str]:
    """Say in a few lines what was found and where to look."""
    last, metrics = made.runs[-1], made.training.metrics
    colours = ", ".join(f"{count:,} {colour}" for colour, count in last.colours.items())
    passed = sum(gate.passed for gate in made.training.gates)
    standing = "is champion" if made.training.promoted_flag else "was refused"
    return [
        "",
        f"[bold]{last.customer_count:,} customers as of {last.as_of}[/]: {colours}",
        f"Reserve: {last.reserve_amount / 100:,.0f} on an exposure of {last.exposure_amount / 100:,.0f}, "
        f"{last.reserve_amount / last.exposure_amount:.1%}",
        f"AUC out of time: {metrics['auc_test']:.3f} ({metrics['auc_test_low']:.3f} to {metrics['auc_test_high']:.3f}); "
        f"logistic regression {metrics['auc_test_logistic']:.3f}, best single feature {metrics['auc_test_single']:.3f}",
        f"Version {made.training.registered_version} {standing}: {passed} of {len(made.training.gates)} gates passed",
        "",
        "Look at",
        *[f"  {report}" for report in made.reports],
        "  .venv/bin/mlflow ui --backend-store-uri sqlite:///mlruns/mlflow.db",
        f"  .venv/bin/creditscore serve --workspace {workspace}",
    ]

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


def demonstrate(portfolio: Portfolio, workspace: Workspace, *, progress: Progress = silent) -> Demonstration:
    """Simulate a portfolio, train and register a forest, score its last thirty days one by one, write both reports.

    The forest is trained as of the day before the first scored day: a score must not know more than its day did, and
    neither may the model that gives it.
    """
    book = simulate(portfolio, book=workspace.book, truth=workspace.truth, progress=progress)
    first, last = scored_days(book)
    training = train(trade_credit.RECIPE, workspace, as_of=first - timedelta(days=1), progress=progress)
    runs = score_days(workspace, days_between(first, last), progress=progress)
    reports = (write_accuracy_report(workspace), write_drift_report(workspace))
    return Demonstration(training, tuple(runs), reports)


def scored_days(book: Book) -> tuple[date, date]:
    """Return the first and the last of the thirty days up to the last known fact."""
    _, last = book.known_days()
    return last - timedelta(days=DAYS_SCORED - 1), last

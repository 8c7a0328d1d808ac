"""The proof: a book in which all that was learned later is altered has the same features, to the last bit."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from creditscore.book import Book
from creditscore.domain import Progress, silent
from creditscore.errors import ParameterError
from creditscore.features.catalogue import catalogue, distinct
from creditscore.features.definition import Feature
from creditscore.features.engine import snapshot
from creditscore.features.leakage.entrances import CUSTOMER, ENTRANCES, Moment, as_snapshot, movers
from creditscore.features.leakage.perturbing import perturbed
from creditscore.features.leakage.proof import LeakageProof
from creditscore.features.leakage.sampling import drawn, part_of
from creditscore.features.leakage.trial import Trial, explained

STEPS = len(ENTRANCES) + 2  # the truth, each entrance, and what is learned in time


def prove_no_leakage(
    book: Book,
    *,
    as_of: date,
    features: Sequence[Feature] | None = None,
    customers: int | None = None,
    seed: int = 0,
    progress: Progress = silent,
) -> LeakageProof:
    """Alter all that a book learned after a day, and see whether a feature of that day moves.

    Copies of the book are made in a temporary folder. In them, facts are added that are back-dated but learned later,
    known facts get later versions that say something else, and what was learned later anyway is changed or never came.
    The features of the day are then computed in each of the four ways, by ``snapshot``, by ``panel`` with a day before
    and after it, by ``observe`` with later days among the observations, and from the state of a day before as the daily
    run does. They must have the bits that they have in the book itself. For a feature that moves, each table is
    perturbed by itself to find out which ones move it.

    A proof that could not fail proves nothing. So the same facts are also learned on the day itself, and a feature that
    does not move then is reported as untested: no fact of the book reaches it.

    Parameters
    ----------
    book
        The book; it is only read.
    as_of
        The day.
    features
        Features wanted; the whole catalogue by default.
    customers
        Number of customers to draw, with those linked to them and all that is known of both; all by default.
    seed
        Seed of the perturbation and of the draw; equal seeds give equal proofs.
    progress
        Told of each comparison.

    Raises
    ------
    ParameterError
        If ``customers`` is less than 1, a feature is given twice, or ``as_of`` lies before the book's first fact.
    ContractError
        If the book has no customers.
    """
    if customers is not None and customers < 1:
        raise ParameterError(where="customers", found=f"It is {customers}.", fix="Give 1 or more, or leave it out.")
    wanted = catalogue() if features is None else distinct(features)
    people = snapshot(book, as_of=as_of, features=())[CUSTOMER]
    tables = {name: book.read(name) for name in book.files}
    if customers is not None:
        tables = part_of(tables, drawn(people, customers, seed=seed))
    lives = perturbed(tables, as_of=as_of, seed=seed)
    with TemporaryDirectory(prefix="creditscore-audit-") as folder:
        scratch = Book.create(Path(folder), currency=book.currency).write(tables)
        trial = Trial(scratch, lives, Moment(as_of, book.known_days()[0]))
        return _proved(trial, wanted, seed=seed, progress=progress)


def _proved(trial: Trial, wanted: Sequence[Feature], *, seed: int, progress: Progress) -> LeakageProof:
    truth = trial.seen(as_snapshot, wanted)
    progress("audit", 1, STEPS)
    trial.live("later")
    found = {}
    for done, (name, entrance) in enumerate(ENTRANCES.items(), start=2):
        found[name] = movers(truth, trial.seen(entrance, wanted))
        progress("audit", done, STEPS)
    trial.live("in_time")
    reached = movers(truth, trial.seen(as_snapshot, wanted))
    progress("audit", STEPS, STEPS)
    moved = explained(trial, found, wanted)
    unmoved = [one.name for one in wanted if one.name not in {leak.feature for leak in moved}]
    return LeakageProof(
        as_of=trial.moment.as_of,
        customer_count=len(truth),
        seed=seed,
        altered=tuple(life.alteration for life in trial.lives.values()),
        moved=moved,
        still=tuple(name for name in unmoved if name in reached),
        untested=tuple(name for name in unmoved if name not in reached),
    )

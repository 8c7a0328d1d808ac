"""The reserve from one day to the next: what is held, and the movements that explain every change of it."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from creditscore.errors import ParameterError
from creditscore.policy.colours import BEST_FIRST
from creditscore.policy.exact import WHOLE, BoolArray, IntArray
from creditscore.policy.reserve import ReserveRates, reserve_amounts

# Kinds of movements: a customer's first reserve; its exposure changed, at the old rate; its rate rose; its rate fell;
# it left the book.
MOVEMENT_KINDS = ("opening", "exposure", "top_up", "release", "closing")


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """What is held for each customer; arrays of one length.

    ``held_amount`` is always the exact reserve of ``exposure_amount`` at ``held_basis_points``.

    Parameters
    ----------
    opened
        Whether a reserve was ever set: not for a new customer, nor while no exposure was ever known. The numbers of a
        customer without one do not count.
    exposure_amount
        The exposure that the reserve covers, in minor units: the last one known.
    held_basis_points
        Rate at which it is held, 0 to 10,000.
    held_amount
        Reserve held, in minor units.
    """

    opened: BoolArray
    exposure_amount: IntArray
    held_basis_points: IntArray
    held_amount: IntArray


@dataclass(frozen=True, slots=True, kw_only=True)
class ReserveDay:
    """What a day says of each customer; arrays of one length.

    Parameters
    ----------
    on, previous_on
        The day and the last earlier day scored, in whole days since 1970-01-01; ``None`` where there is none.
    in_book
        Whether the customer is still in the book. The values of one that is not do not count.
    known
        Whether the exposure is known.
    exposure_amount
        Exposure in minor units.
    colour_rank, colour_since
        The governed colour, 0 green, 1 yellow, 2 red, and the day from which it has held without a break.
    """

    on: int
    previous_on: int | None
    in_book: BoolArray
    known: BoolArray
    exposure_amount: IntArray
    colour_rank: npt.NDArray[np.integer]
    colour_since: IntArray

    @property
    def opens_a_month(self) -> bool:
        """Whether this is the first run of its month."""
        return self.previous_on is None or bool(_month(self.previous_on) < _month(self.on))


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """The reserve after a day and the way to it.

    Parameters
    ----------
    holding
        What is held now.
    movements
        For each of ``MOVEMENT_KINDS``, what it adds to the reserve of each customer, in minor units.
    required_basis_points, required_amount
        Rate of the governed colour, and the reserve that it asks for.
    required_known
        Whether ``required_amount`` counts: the customer is in the book and its exposure is known.
    """

    holding: Holding
    movements: dict[str, IntArray]
    required_basis_points: IntArray
    required_amount: IntArray
    required_known: BoolArray


def settle_reserves(rates: ReserveRates, held: Holding, today: ReserveDay) -> Settlement:
    """Move the reserves of all customers from the last day scored to today.

    The exposure moves first, at the rate that is held; then the rate moves. It rises to that of a worse governed colour
    at once, or on the first run of a month where the policy says so, and falls to that of a better one once this very
    colour has held for ``release_after_days``. Rates that a new policy changed move by the same rules. Where the
    exposure is unknown, the holding stands as it is. Of every customer, opening reserve plus movements is the closing
    reserve, exactly.

    Parameters
    ----------
    rates
        Rates and rules of the policy.
    held
        What was held after the last earlier day scored, any number of days ago.
    today
        What the day says, of the same customers in the same order.

    Raises
    ------
    ParameterError
        If the arrays differ in shape or hold no integers, a rank is no colour's, days stand in the wrong order, or a
        holding is not its exposure times its rate.

    Examples
    --------
    A downgrade to yellow is topped up at once, 20 days of green release nothing yet, and a new customer opens:

    >>> from creditscore.policy import load_policy
    >>> held = Holding(
    ...     opened=np.array([True, True, False]),
    ...     exposure_amount=np.array([1_000, 1_000, 0]),
    ...     held_basis_points=np.array([300, 800, 0]),
    ...     held_amount=np.array([30, 80, 0]),
    ... )
    >>> today = ReserveDay(
    ...     on=120,
    ...     previous_on=119,
    ...     in_book=np.ones(3, bool),
    ...     known=np.ones(3, bool),
    ...     exposure_amount=np.array([2_000, 2_000, 2_000]),
    ...     colour_rank=np.array([1, 0, 2]),
    ...     colour_since=np.array([120, 100, 120]),
    ... )
    >>> after = settle_reserves(load_policy().reserve, held, today)
    >>> after.holding.held_amount.tolist(), after.required_amount.tolist()
    ([160, 160, 300], [160, 60, 300])
    >>> {kind: amount.tolist() for kind, amount in after.movements.items() if amount.any()}
    {'opening': [0, 0, 300], 'exposure': [30, 80, 0], 'top_up': [100, 0, 0]}
    """
    _check(held, today)
    measured = today.in_book & today.known
    stays, opened = held.opened & today.in_book, measured | (held.opened & today.in_book)
    required = np.array(rates.basis_points, dtype=np.int64)[np.where(today.in_book, today.colour_rank, 0)]
    exposure = np.where(opened, np.where(measured, today.exposure_amount, held.exposure_amount), 0)
    points = np.where(stays, held.held_basis_points, np.where(opened, required, 0))
    moved = np.where(measured & _may_move(rates, points, required, today), required, points)
    before, after = (reserve_amounts(exposure, basis_points=rate) for rate in (points, moved))
    return Settlement(
        holding=Holding(opened=opened, exposure_amount=exposure, held_basis_points=moved, held_amount=after),
        movements=_movements(held, today, before=before, after=after),
        required_basis_points=required,
        required_amount=np.where(measured, reserve_amounts(exposure, basis_points=required), 0),
        required_known=measured,
    )


def _may_move(rates: ReserveRates, points: IntArray, required: IntArray, today: ReserveDay) -> BoolArray:
    rises = rates.top_up_on_downgrade or today.opens_a_month
    falls = today.on - today.colour_since >= rates.release_after_days
    return np.where(required > points, rises, falls)


def _movements(held: Holding, today: ReserveDay, *, before: IntArray, after: IntArray) -> dict[str, IntArray]:
    """Return the movements by kind, given today's exposure at the held and at the new rate."""
    stays, leaves = held.opened & today.in_book, held.opened & ~today.in_book
    by_rate = np.where(stays, after - before, 0)
    return {
        "opening": np.where(held.opened, 0, after),
        "exposure": np.where(stays, before - held.held_amount, 0),
        "top_up": np.maximum(by_rate, 0),
        "release": np.minimum(by_rate, 0),
        "closing": np.where(leaves, -held.held_amount, 0),
    }


def _month(day: int) -> np.datetime64:
    return np.datetime64(day, "D").astype("datetime64[M]")


def _check(held: Holding, today: ReserveDay) -> None:
    amounts: dict[str, npt.NDArray[Any]] = {
        "held.exposure_amount": held.exposure_amount,
        "held_basis_points": held.held_basis_points,
        "held_amount": held.held_amount,
        "exposure_amount": today.exposure_amount,
        "colour_rank": today.colour_rank,
        "colour_since": today.colour_since,
    }
    shapes = {array.shape for array in (held.opened, today.in_book, today.known, *amounts.values())}
    if len(shapes) > 1 or held.opened.ndim != 1:
        raise ParameterError(where="reserves", found=f"The shapes are {shapes}.", fix="Give arrays of one length.")
    for name, array in amounts.items():
        if array.size and not np.issubdtype(array.dtype, np.integer):
            raise ParameterError(where=name, found=f"It holds {array.dtype}.", fix="Give integers.")
    _check_day(today)
    _check_held(held)


def _check_day(today: ReserveDay) -> None:
    rank = today.colour_rank[today.in_book]
    strange = int(np.count_nonzero((rank < 0) | (rank >= len(BEST_FIRST))))
    if strange:
        raise ParameterError(
            where="colour_rank",
            found=f"{strange} of {rank.size} are no rank of a colour.",
            fix="Give 0 for green, 1 for yellow, 2 for red.",
        )
    later = int(np.count_nonzero(today.colour_since[today.in_book] > today.on))
    if later or (today.previous_on is not None and today.previous_on >= today.on):
        raise ParameterError(
            where="reserves",
            found=f"{later} colours hold since a later day, or the previous day is not before the day.",
            fix="Settle days in their order, each with the colours of its own.",
        )


def _check_held(held: Holding) -> None:
    points = held.held_basis_points
    outside = held.opened & ((points < 0) | (points > WHOLE))
    reserve = reserve_amounts(held.exposure_amount, basis_points=np.where(outside, 0, points))
    broken = int(np.count_nonzero(outside | (held.opened & (reserve != held.held_amount))))
    if broken:
        raise ParameterError(
            where="held_amount",
            found=f"{broken} of {points.size} holdings are not their exposure times their rate.",
            fix="Give the holdings as the last day scored left them.",
        )

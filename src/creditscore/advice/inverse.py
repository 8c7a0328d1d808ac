"""The exact inverse of a question whose answer only ever gets worse."""

from collections.abc import Callable


def largest(keeps: Callable[[int], bool], *, least: int, most: int) -> int | None:
    """Return the largest whole number from ``least`` to ``most`` that keeps; ``None`` where not even ``least`` does.

    The answer is exact, not approximate, because whole numbers are halved and not intervals: it keeps, and the next
    number does not, unless it is ``most``.

    Parameters
    ----------
    keeps
        Whether a number keeps; once it does not, no larger one does.
    least, most
        Bounds, both included.

    Examples
    --------
    >>> largest(lambda amount: amount * amount <= 200, least=1, most=1_000)
    14
    >>> largest(lambda amount: amount < 0, least=1, most=1_000) is None
    True
    """
    if most < least or not keeps(least):
        return None
    kept, broken = least, most + 1
    while broken - kept > 1:
        middle = (kept + broken) // 2
        kept, broken = (middle, broken) if keeps(middle) else (kept, middle)
    return kept

"""Errors say where, what was found and how to fix it; never a name, an amount or another customer fact."""

from collections.abc import Callable, Iterable

EXAMPLES_SHOWN = 3


class CreditScoreError(Exception):
    """Base of every error that this package raises on purpose.

    Parameters
    ----------
    where
        The table, column, file or parameter at fault.
    found
        What was found there, as a sentence: counts, limits, at most three keys.
    fix
        What the caller can do about it, as a sentence.

    Examples
    --------
    >>> raise CreditScoreError(where="book", found="There is no invoice.", fix="Ingest a ledger first.")
    Traceback (most recent call last):
    creditscore.errors.CreditScoreError: book: There is no invoice. Ingest a ledger first.
    """

    def __init__(self, *, where: str, found: str, fix: str) -> None:
        self.where = where
        self.found = found
        self.fix = fix
        super().__init__(f"{where}: {found} {fix}")

    def __reduce__(self) -> tuple[Callable[..., "CreditScoreError"], tuple[object, ...]]:
        """Survive the way between processes, where an exception is rebuilt from positional arguments."""
        return _rebuilt, (type(self), self.where, self.found, self.fix)


def _rebuilt(kind: type[CreditScoreError], where: str, found: str, fix: str) -> CreditScoreError:
    return kind(where=where, found=found, fix=fix)


class ContractError(CreditScoreError, ValueError):
    """A table, file or frame breaks its contract as a whole."""


class ParameterError(CreditScoreError, ValueError):
    """An argument lies outside its documented range."""


class PolicyError(CreditScoreError, ValueError):
    """A policy file contradicts itself or lacks a number."""


class BundleError(CreditScoreError, ValueError):
    """A bundle is incomplete, altered or of another version."""


class UntrainedError(BundleError):
    """No model answers this kind of question, or none on top of the champion of now, until one is trained."""


class NotScoredError(CreditScoreError, LookupError):
    """A customer or a day has no score."""


class ReusedKeyError(CreditScoreError, ValueError):
    """An idempotency key stands for another request already."""


class StoreError(CreditScoreError, OSError):
    """The score store or a folder of the workspace cannot be read or written."""


class DeliveryError(CreditScoreError, ConnectionError):
    """A receiver of alarms cannot be reached or does not accept them."""


def some(keys: Iterable[object]) -> str:
    """List at most three keys, then the count of the others.

    >>> some(["a", "b", "c", "d", "e"])
    'a, b, c and 2 more'
    """
    listed = [str(key) for key in keys]
    shown = ", ".join(listed[:EXAMPLES_SHOWN])
    more = len(listed) - EXAMPLES_SHOWN
    return f"{shown} and {more} more" if more > 0 else shown

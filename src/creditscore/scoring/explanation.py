"""Why: the features that push a customer most toward default."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from creditscore.domain import Reason
from creditscore.errors import ParameterError, some
from creditscore.features import catalogue
from creditscore.scoring.contract import FeatureContract
from creditscore.scoring.defaulted import IN_DEFAULT_REASON

REASON_COLUMNS = ("reason_1", "reason_2", "reason_3")
LANGUAGES = ("en", "zh")
NONE, DEFAULTED = -1, -2  # in place of a feature's place: no further reason; the customer is in default


def principal_reasons(contract: Sequence[FeatureContract], contributions: npt.NDArray[np.float64]) -> list[pd.Series]:
    """Return the codes of the three largest pushes toward default, largest first.

    Only pushes above zero are reasons, so a safe customer may have fewer than three; the rest is missing. Equal pushes
    are told in the order of the features.

    Parameters
    ----------
    contract
        The features in the order of the columns of ``contributions``.
    contributions
        Push of each feature toward default, one row a customer.
    """
    codes = pd.array([entry.reason.code for entry in contract], dtype="str")
    return [pd.Series(codes.take(told, allow_fill=True)) for told in largest_pushes(contributions).T]


def largest_pushes(contributions: npt.NDArray[np.float64]) -> npt.NDArray[np.intp]:
    """Return the places (n, 3) of the largest pushes toward default of each row, largest first; ``NONE`` for fewer."""
    left, rows = contributions.copy(), np.arange(len(contributions))
    places = np.full((len(contributions), len(REASON_COLUMNS)), NONE, dtype=np.intp)
    for told in range(len(REASON_COLUMNS)):
        largest = left.argmax(axis=1)  # the first of equal ones
        places[:, told] = np.where(left[rows, largest] > 0, largest, NONE)
        left[rows, largest] = -np.inf
    return places


def led_by_default(places: npt.NDArray[np.intp], certain: npt.NDArray[np.bool_]) -> npt.NDArray[np.intp]:
    """Put ``DEFAULTED`` before the other reasons in the rows told, whose last one is then left out."""
    ahead = np.column_stack([np.full(len(places), DEFAULTED), places[:, :-1]])
    return np.where(certain[:, None], ahead, places)


def codes_at(contract: Sequence[FeatureContract], places: npt.NDArray[np.intp]) -> list[pd.Series]:
    """Return the codes of :func:`led_by_default` as columns, missing where a row has no further reason."""
    codes = pd.array([*(entry.reason.code for entry in contract), IN_DEFAULT_REASON.code], dtype="str")
    found = np.where(places == DEFAULTED, len(contract), places)
    return [pd.Series(codes.take(told, allow_fill=True)) for told in found.T]


def reason_texts(codes: Sequence[str | None], *, language: str, contract: Sequence[FeatureContract] = ()) -> list[str]:
    """Return reasons in words, in the order of their codes; missing codes are left out.

    Parameters
    ----------
    codes
        Codes such as ``reason_1`` to ``reason_3`` of a score.
    language
        ``"en"`` or ``"zh"``.
    contract
        Features of a bundle whose reasons the shipped catalogue does not know.

    Raises
    ------
    ParameterError
        If a code or the language is unknown.
    """
    if language not in LANGUAGES:
        raise ParameterError(
            where="reason_texts",
            found=f"{language!r} is no language of the catalogue.",
            fix=f"Use one of {', '.join(LANGUAGES)}.",
        )
    return [reason.text(language) for reason in reasons_coded(codes, contract=contract)]


def reasons_coded(codes: Sequence[str | None], *, contract: Sequence[FeatureContract] = ()) -> list[Reason]:
    """Return the reasons behind codes, in their order; missing codes are left out.

    Parameters
    ----------
    codes
        Codes such as ``reason_1`` to ``reason_3`` of a score.
    contract
        Features of a bundle whose reasons the shipped catalogue does not know.

    Raises
    ------
    ParameterError
        If a code is unknown.
    """
    reasons = [IN_DEFAULT_REASON, *(entry.reason for entry in contract), *(feature.reason for feature in catalogue())]
    known = {reason.code: reason for reason in reasons}
    told = [code for code in codes if isinstance(code, str)]
    unknown = [code for code in told if code not in known]
    if unknown:
        raise ParameterError(
            where="reason_texts", found=f"{some(unknown)} is no reason.", fix="Pass the bundle's contract."
        )
    return [known[code] for code in told]

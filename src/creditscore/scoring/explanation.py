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
    left, rows = contributions.copy(), np.arange(len(contributions))
    reasons = []
    for _ in REASON_COLUMNS:
        largest = left.argmax(axis=1)  # the first of equal ones
        told = np.where(left[rows, largest] > 0, largest, -1)
        reasons.append(pd.Series(codes.take(told, allow_fill=True)))
        left[rows, largest] = -np.inf
    return reasons


def led_by(reason: Reason, rows: npt.NDArray[np.bool_], reasons: Sequence[pd.Series]) -> list[pd.Series]:
    """Put a reason before the others in the rows told, whose last one is then left out."""
    first = pd.Series(reason.code, index=range(len(rows)), dtype="str")
    return [own.mask(rows, ahead) for own, ahead in zip(reasons, [first, *reasons], strict=False)]


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

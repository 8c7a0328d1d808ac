"""What every model demands of its input, said once."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import column_or_1d

from creditscore.errors import ParameterError

Floats = NDArray[np.float64]
CLASSES = 2


def checked_matrix(where: str, X: ArrayLike, *, features: int | None = None) -> Floats:
    """Return ``X`` as an (n, k) float64 matrix in which missing is NaN.

    Raises
    ------
    ParameterError
        If it is not numeric or two-dimensional, has no column, an infinite value, or another number of features.
    """
    try:
        matrix = np.ascontiguousarray(X, dtype=np.float64)
    except (TypeError, ValueError) as cause:
        raise ParameterError(
            where=where, found="X is not numeric.", fix="Give one float64 column a feature, missing as NaN."
        ) from cause
    if matrix.ndim != 2 or matrix.shape[1] == 0:  # noqa: PLR2004 - rows and columns
        raise ParameterError(
            where=where,
            found=f"X has shape {matrix.shape}.",
            fix="Reshape your data to a matrix: one row a case, one column a feature.",
        )
    if features is not None and matrix.shape[1] != features:
        raise ParameterError(
            where=where,
            found=f"X has {matrix.shape[1]} features, the model has {features}.",
            fix="Give the features the model was fitted on, in the same order.",
        )
    if np.isinf(matrix).any():
        columns = int(np.isinf(matrix).any(axis=0).sum())
        raise ParameterError(
            where=where,
            found=f"{columns} features hold an infinite value.",
            fix="Give finite values, or NaN if missing.",
        )
    return matrix


def checked_labels(where: str, y: ArrayLike, *, rows: int, both: bool = True) -> Floats:
    """Return ``y`` as float64 labels, of which some are 0 and some are 1 unless ``both`` is not asked for.

    Raises
    ------
    ParameterError
        If the length differs, a label is missing or neither 0 nor 1, or there is one class only.
    """
    labels = np.asarray(y, dtype=np.float64)
    if labels.shape != (rows,):
        raise ParameterError(
            where=where, found=f"y has shape {labels.shape} for {rows} rows.", fix="Give one label a row."
        )
    missing = int(np.isnan(labels).sum())
    if missing:
        raise ParameterError(
            where=where,
            found=f"{missing} labels are missing.",
            fix="Leave rows out whose outcome window has not ended.",
        )
    if not np.isin(labels, (0.0, 1.0)).all():
        raise ParameterError(where=where, found="A label is neither 0 nor 1.", fix="Give 1 for a default, 0 for none.")
    if both and np.unique(labels).size < CLASSES:
        raise ParameterError(
            where=where,
            found=f"All {rows} labels are of one class.",
            fix="Give a longer period, or a wider default definition, so that some default and some do not.",
        )
    return labels


def checked_classes(where: str, y: ArrayLike, *, rows: int) -> tuple[NDArray[Any], Floats]:
    """Return the two classes of ``y``, sorted, and the labels (n,): 1 for the second class, which is the default.

    Raises
    ------
    ParameterError
        If the length differs, a label is missing, or the classes are not two.
    """
    given = _present(where, y, rows=rows)
    check_classification_targets(given)
    classes, labels = np.unique(given, return_inverse=True)
    if len(classes) > CLASSES:
        raise ParameterError(
            where=where,
            found=f"Only binary classification is supported, and y has {len(classes)} classes.",
            fix="Give 1 for a default, 0 for none.",
        )
    if len(classes) < CLASSES:
        checked_labels(where, np.zeros(rows), rows=rows)
    return classes, labels.astype(np.float64)


def checked_levels(where: str, y: ArrayLike, *, rows: int) -> Floats:
    """Return the place (n,) of each label of ``y`` among all that occur, in sorted order.

    Raises
    ------
    ParameterError
        If the length differs or a label is missing.
    """
    return np.unique(_present(where, y, rows=rows), return_inverse=True)[1].astype(np.float64)


def _present(where: str, y: ArrayLike, *, rows: int) -> NDArray[Any]:
    """Return labels (n,), of which none is missing."""
    given = column_or_1d(y, warn=True)
    if pd.isna(given).any() or len(given) != rows:
        checked_labels(where, np.where(pd.isna(given), np.nan, 0.0), rows=rows, both=False)
    return np.asarray(given)


def checked_signs(where: str, monotone: Sequence[int] | None, *, features: int) -> tuple[int, ...]:
    """Return the direction of each feature: 1, -1 or 0.

    Raises
    ------
    ParameterError
        If there is not one for each feature, or one is another number.
    """
    signs = tuple(int(sign) for sign in (monotone if monotone is not None else (0,) * features))
    if len(signs) != features or not set(signs) <= {-1, 0, 1}:
        raise ParameterError(
            where=where,
            found=f"monotone has {len(signs)} entries for {features} features, or one that is not a sign.",
            fix="Give 1, -1 or 0 for each feature.",
        )
    return signs


def checked_lenient(where: str, lenient: Sequence[bool] | None, *, features: int) -> tuple[bool, ...]:
    """Return whether each feature is lenient, see :func:`creditscore.models.missing.missing_stand_ins`.

    Raises
    ------
    ParameterError
        If there is not one answer for each feature.
    """
    mild = tuple(bool(one) for one in (lenient if lenient is not None else (False,) * features))
    if len(mild) != features:
        raise ParameterError(
            where=where,
            found=f"lenient has {len(mild)} entries for {features} features.",
            fix="Give True or False for each feature.",
        )
    return mild


def two_columns(pd: Floats) -> Floats:
    """Return scikit-learn's (n, 2) layout of a probability of class 1."""
    return np.column_stack([1.0 - pd, pd])

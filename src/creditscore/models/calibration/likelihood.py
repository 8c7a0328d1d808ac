"""Maximum likelihood of a logistic curve, by Newton's method."""

import numpy as np
from scipy.special import expit

from creditscore.errors import ParameterError
from creditscore.models.checks import Floats

STEPS = 100
TOLERANCE = 1e-10


def maximum_likelihood(columns: Floats, y: Floats) -> tuple[Floats, float]:
    """Return intercept and coefficients, and the loss there, halving a step that would lower the likelihood.

    Parameters
    ----------
    columns
        Matrix (n, k), without a column for the intercept.
    y
        Labels, 0 or 1, some of each.
    """
    design = np.column_stack([np.ones(len(y)), columns])
    beta = np.zeros(design.shape[1])
    loss = _loss(design, y, beta)
    for _ in range(STEPS):
        p = expit(design @ beta)
        gradient = design.T @ (p - y)
        if np.abs(gradient).max() <= TOLERANCE * len(y):
            break
        information = design.T @ (design * (p * (1 - p))[:, None])
        step = np.linalg.solve(information + 1e-12 * np.eye(len(beta)), gradient)
        while (tried := _loss(design, y, beta - step)) > loss and np.abs(step).max() > np.finfo(float).eps:
            step = step / 2
        beta, loss = beta - step, tried
    return beta, loss


def refuse_separated(where: str, x: Floats, y: Floats) -> None:
    """Refuse rates that lie all on one side for defaults and all on the other for the rest.

    Raises
    ------
    ParameterError
        If they do, because the likelihood then grows with the slope without end.
    """
    defaults, others = x[y == 1], x[y == 0]
    if others.max() <= defaults.min() or defaults.max() <= others.min():
        raise ParameterError(
            where=where,
            found="The rates separate the classes, so the likelihood has no maximum.",
            fix="Use a longer calibration period with more defaults.",
        )


def backwards(where: str, found: str) -> ParameterError:
    """Return the error for rates that rank the calibration period backwards."""
    return ParameterError(
        where=where,
        found=f"{found}: the forest ranks the calibration period backwards.",
        fix="Use a longer calibration period, or a forest that still ranks.",
    )


def _loss(design: Floats, y: Floats, beta: Floats) -> float:
    z = design @ beta
    return float(np.sum(np.logaddexp(0, z) - y * z))

"""Scenario models: what a request adds to the log-odds of default that the customer has without it."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

from creditscore.errors import BundleError, ParameterError
from creditscore.models.checks import Floats, checked_labels, checked_matrix
from creditscore.models.estimator import grown
from creditscore.models.trees import Trees, trees_of_lightgbm

WHERE = "ScenarioModel"
TERM_FILE = "term.npz"
SCENARIO_FILE = "scenario.json"
SETTINGS = ("trees", "leaves", "learning_rate", "min_leaf", "row_share", "ridge", "slope_spread")
STEPS = 50
TOLERANCE = 1e-9


class ScenarioModel(BaseEstimator):
    """The base model's log-odds plus a boosted term that never falls in what is asked.

    ``log_odds = max(base, a + b * (base + start + term(base, asked)))``: LightGBM boosts ``term`` on top of the base
    model's log-odds as its offset, monotone in each thing asked and free in the base; ``start`` is the mean by which
    those who ask differ; ``a`` and ``b`` are calibrated on requests whose base log-odds are honest, ``b`` held near 1
    where these have few defaults, for the base is calibrated already. A request never improves the probability of
    default, so the answer is never below the base. As all of this rises with what is asked, the answer has an exact
    inverse.

    Parameters
    ----------
    trees, leaves, learning_rate
        Size of the term. With two leaves a tree what the request adds is the same for all customers, in log-odds; more
        leaves let it differ with the base, at the cost of noise where there are few defaults among requests.
    min_leaf
        Fewest requests of a leaf.
    row_share
        Share of the requests that each tree is grown on, drawn without replacement: thresholds that differ from tree to
        tree make the term smoother.
    ridge
        Penalty on the leaves (LightGBM's ``lambda_l2``), in units of the Hessian.
    slope_spread
        Standard deviation, around 1, of the normal prior of the calibration's slope ``b``.

    Attributes
    ----------
    trees_ : Trees
        The term, as plain arrays.
    start_ : float
        Mean difference of those who ask, in log-odds.
    slope_, intercept_ : float
        ``b`` and ``a`` of the calibration.
    n_features_in_ : int
        Number of things asked.

    Examples
    --------
    >>> draws = np.random.default_rng(0)
    >>> base, size = np.full(4_000, -2.0), draws.uniform(0, 4, (4_000, 1))
    >>> y = (draws.random(4_000) < expit(base + 0.5 * size[:, 0])).astype(float)
    >>> model = ScenarioModel().fit(size[:2_000], y[:2_000], base_log_odds=base[:2_000])
    >>> model = model.calibrate(size[2_000:], y[2_000:], base_log_odds=base[2_000:])
    >>> low, high = model.log_odds([[0.5], [3.5]], base_log_odds=[-2.0, -2.0])
    >>> bool(high - low > 1.0)
    True
    """

    def __init__(  # noqa: PLR0913 - scikit-learn takes each parameter by name
        self,
        *,
        trees: int = 100,
        leaves: int = 2,
        learning_rate: float = 0.1,
        min_leaf: int = 50,
        row_share: float = 0.5,
        ridge: float = 5.0,
        slope_spread: float = 0.25,
    ) -> None:
        self.trees = trees
        self.leaves = leaves
        self.learning_rate = learning_rate
        self.min_leaf = min_leaf
        self.row_share = row_share
        self.ridge = ridge
        self.slope_spread = slope_spread

    def fit(self, X: ArrayLike, y: ArrayLike, *, base_log_odds: ArrayLike) -> Self:
        """Boost the term on requests ``X`` (n, k), without a missing value, and labels ``y``, 0 or 1.

        Raises
        ------
        ParameterError
            If the input or a parameter is out of its documented range, or the labels are of one class.
        """
        self._check_parameters()
        matrix = _checked(X, base_log_odds)
        labels = checked_labels(WHERE, y, rows=len(matrix))
        self.n_features_in_ = matrix.shape[1] - 1
        self.start_ = _mean_shift(matrix[:, 0], labels)
        offset = matrix[:, 0] + self.start_
        booster = grown(self._lightgbm_parameters(), matrix, labels, rounds=self.trees, offset=offset)
        self.trees_ = trees_of_lightgbm(booster)
        self.slope_, self.intercept_ = 1.0, 0.0
        return self

    def calibrate(self, X: ArrayLike, y: ArrayLike, *, base_log_odds: ArrayLike) -> Self:
        """Fit slope and intercept of the whole log-odds, the slope held near 1.

        Take requests whose base log-odds are as they will be in use: later ones, or of customers strange to the base.

        Raises
        ------
        ParameterError
            If the input is out of range, the labels are of one class, or the period is ranked backwards.
        """
        total = self._total(_checked(X, base_log_odds, features=self.n_features_in_))
        labels = checked_labels(WHERE, y, rows=len(total))
        self.intercept_, self.slope_ = _held_line(total, labels, spread=self.slope_spread)
        if self.slope_ <= 0:
            raise ParameterError(
                where=WHERE,
                found=f"The slope is {self.slope_:.3f}: the model ranks the calibration period backwards.",
                fix="Use a longer calibration period, or a model that still ranks.",
            )
        return self

    def term(self, X: ArrayLike, *, base_log_odds: ArrayLike) -> Floats:
        """Return what the request adds (n,), in log-odds before calibration; it never falls in what is asked."""
        return self._term(_checked(X, base_log_odds, features=self.n_features_in_))

    def log_odds(self, X: ArrayLike, *, base_log_odds: ArrayLike) -> Floats:
        """Return the log-odds of default under each request (n,), never below the base.

        Raises
        ------
        ParameterError
            If ``X`` is not a complete matrix (n, k) of the model's k things asked, with one base log-odds a row.
        """
        matrix = _checked(X, base_log_odds, features=self.n_features_in_)
        return np.maximum(self.intercept_ + self.slope_ * self._total(matrix), matrix[:, 0])

    def default_probability(self, X: ArrayLike, *, base_log_odds: ArrayLike) -> Floats:
        """Return the probability of default under each request (n,)."""
        return expit(self.log_odds(X, base_log_odds=base_log_odds))

    def to_files(self) -> dict[str, bytes]:
        """Return the content of ``term.npz`` (the trees) and of ``scenario.json``; no pickle."""
        check_is_fitted(self)
        content = {
            **{name: getattr(self, name) for name in SETTINGS},
            "start": self.start_,
            "slope": self.slope_,
            "intercept": self.intercept_,
        }
        return {TERM_FILE: self.trees_.to_bytes(), SCENARIO_FILE: (json.dumps(content, indent=2) + "\n").encode()}

    def save(self, folder: Path) -> None:
        """Write the content of :meth:`to_files` into ``folder``."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in self.to_files().items():
            (folder / name).write_bytes(content)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what :meth:`save` wrote; every answer is the same to the last bit.

        Raises
        ------
        BundleError
            If a file is missing or is not what :meth:`save` writes.
        """
        try:
            content = _content(folder / SCENARIO_FILE)
            trees = Trees.from_bytes((folder / TERM_FILE).read_bytes())
        except (OSError, ValueError, TypeError, KeyError) as cause:
            raise BundleError(
                where="scenario model",
                found=f"{TERM_FILE} or {SCENARIO_FILE} is missing, or is not what save writes.",
                fix="Take the folder again from where it was trained.",
            ) from cause
        model = cls(**{name: content[name] for name in SETTINGS})
        model.trees_, model.start_ = trees, float(content["start"])
        model.n_features_in_ = trees.features - 1
        model.slope_, model.intercept_ = float(content["slope"]), float(content["intercept"])
        return model

    def _total(self, matrix: Floats) -> Floats:
        return matrix[:, 0] + self.start_ + self._term(matrix)

    def _term(self, matrix: Floats) -> Floats:
        check_is_fitted(self)
        return self.trees_.sums(matrix)

    def _check_parameters(self) -> None:
        whole = {"trees": 1, "leaves": 2, "min_leaf": 1}
        broken = [name for name, low in whole.items() if getattr(self, name) < low]
        shares = (self.learning_rate, self.row_share)
        if broken or not (all(0 < share <= 1 for share in shares) and self.ridge >= 0 and self.slope_spread > 0):
            raise ParameterError(
                where=WHERE,
                found=f"{', '.join(f'{name} {getattr(self, name)}' for name in SETTINGS)} cannot be fitted.",
                fix="Give whole numbers from 1 (leaves from 2), a learning rate and a share in (0, 1], a ridge of 0 or "
                "more, a spread above 0.",
            )

    def _lightgbm_parameters(self) -> dict[str, Any]:
        return {
            "objective": "binary",
            "boost_from_average": False,  # the offset and the start are the average already
            "num_leaves": self.leaves,
            "learning_rate": self.learning_rate,
            "min_data_in_leaf": self.min_leaf,
            "bagging_fraction": self.row_share,
            "bagging_freq": 1,
            "lambda_l2": self.ridge,
            "monotone_constraints": [0, *[1] * self.n_features_in_],
            "num_threads": 1,
            "seed": 0,
        }


def _checked(X: ArrayLike, base_log_odds: ArrayLike, *, features: int | None = None) -> Floats:
    """Return the base log-odds and what is asked side by side."""
    asked = checked_matrix(WHERE, X, features=features)
    base = np.asarray(base_log_odds, dtype=np.float64)
    if base.shape != (len(asked),) or not np.isfinite(base).all() or np.isnan(asked).any():
        raise ParameterError(
            where=WHERE,
            found=f"{base.shape} base log-odds for {len(asked)} requests, or a value is missing.",
            fix="Give finite base log-odds, one a request, and leave out requests that are not complete.",
        )
    return np.column_stack([base, asked])


def _mean_shift(offset: Floats, y: Floats) -> float:
    """Return the shift of all log-odds that meets the default rate, by Newton's method."""
    shift = 0.0
    for _ in range(STEPS):
        p = expit(offset + shift)
        step = float((y - p).sum() / max((p * (1 - p)).sum(), 1e-9))
        shift += float(np.clip(step, -1.0, 1.0))
        if abs(step) < TOLERANCE:
            break
    return shift


def _held_line(x: Floats, y: Floats, *, spread: float) -> tuple[float, float]:
    """Return intercept and slope of the likeliest line, the slope with a normal prior around 1, by Newton's method.

    The intercept starts where the mean is met at slope 1, from where the convex loss is met in full steps or halves.
    """
    design = np.column_stack([np.ones_like(x), x])
    beta = np.array([_mean_shift(x, y), 1.0])
    prior = np.array([0.0, 1 / spread**2])
    loss = _held_loss(design, y, beta, prior)
    for _ in range(STEPS):
        p = expit(design @ beta)
        gradient = design.T @ (p - y) + prior * (beta - 1.0)
        step = np.linalg.solve(design.T @ (design * (p * (1 - p))[:, None]) + np.diag(prior), gradient)
        while (tried := _held_loss(design, y, beta - step, prior)) > loss and np.abs(step).max() > TOLERANCE:
            step = step / 2
        if np.abs(step).max() <= TOLERANCE:
            break
        beta, loss = beta - step, tried
    return float(beta[0]), float(beta[1])


def _held_loss(design: Floats, y: Floats, beta: Floats, prior: Floats) -> float:
    z = design @ beta
    return float(np.sum(np.logaddexp(0, z) - y * z) + 0.5 * np.sum(prior * (beta - 1.0) ** 2))


def _content(path: Path) -> dict[str, Any]:
    content = json.loads(path.read_text("utf-8"))
    numbers: Sequence[float] = [float(content[name]) for name in ("start", "slope", "intercept", *SETTINGS)]
    if not (np.isfinite(numbers).all() and content["slope"] > 0):
        raise ValueError(path.name)
    return dict(content)

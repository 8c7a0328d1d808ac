"""Where a model fails: segments that a shallow tree finds among some customers and that others then confirm or not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from creditscore.validation import jeffreys, jeffreys_interval

DEPTH = 3
FEWEST_EXPECTED = 5.0  # defaults that the PD of a segment must add up to, on the half where it is found
SMALLEST_PD = 1e-9
SEED = 20_240_101

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a segment asks of one column: ``low < value <= high``, and whether a missing value will do."""

    low: float = -np.inf
    high: float = np.inf
    missing: bool = True

    def below(self, threshold: float, *, missing: bool) -> "Bounds":
        """Return the part up to a threshold."""
        return replace(self, high=min(self.high, threshold), missing=self.missing and missing)

    def above(self, threshold: float, *, missing: bool) -> "Bounds":
        """Return the part above a threshold."""
        return replace(self, low=max(self.low, threshold), missing=self.missing and missing)


Segment = Mapping[str, Bounds]


@dataclass(frozen=True, slots=True, eq=False)
class WeakSpots:
    """What the tree found, and how the other half of the customers did there.

    Parameters
    ----------
    segments
        What each asks of the columns, in the order of ``table``.
    table
        One row a segment, those first where most defaults come on one that was foretold: ``found_ratio`` (defaults over
        foretold on the half where it was found), and on the other half ``customer_count``, ``default_count``,
        ``mean_pd``, ``default_rate``, ``low_rate``, ``high_rate`` and Jeffreys' one-sided ``p_value``.
    found_count, tested_count
        Customers of each half.
    """

    segments: Sequence[Segment]
    table: pd.DataFrame
    found_count: int
    tested_count: int


def weak_spots(
    frame: pd.DataFrame, *, columns: Sequence[str], pd_name: str, level: float = 0.95, seed: int = SEED
) -> WeakSpots | None:
    """Look for segments in which defaults differ from the PD.

    A regression tree of depth three is grown on one half of the customers, on ``(default_flag - PD)/PD`` weighted by
    the PD: the value of a leaf is then its defaults over those foretold, less one, every customer's noise weighs alike,
    and a leaf is large enough when its PD add up to five defaults. Nothing is believed that this half says; the
    segments are counted again among the other half, which had no part in choosing them.

    Parameters
    ----------
    frame
        One row a customer: ``customer_id``, ``default_flag``, the PD and the columns.
    columns
        Numbers by which a segment may be told, missing values allowed.
    pd_name
        Name of the column with the PD.
    level
        Confidence level of the intervals.
    seed
        Which half a customer falls into.

    Returns
    -------
    WeakSpots or None
        ``None`` where too few defaults are foretold for two segments.
    """
    rows = frame.sort_values("customer_id", ignore_index=True)
    found = np.random.default_rng(seed).permutation(len(rows)) < len(rows) // 2
    probability = rows[pd_name].to_numpy(np.float64).clip(min=SMALLEST_PD)
    weight = probability[found]
    if weight.sum() < 2 * FEWEST_EXPECTED:
        return None
    X = rows[list(columns)].to_numpy(np.float64, na_value=np.nan)
    flag = rows["default_flag"].to_numpy(np.float64)
    tree = _grown(X[found], (flag[found] - weight) / weight, weight)
    leaf = tree.apply(X.astype(np.float32))
    segments = _segments(tree.tree_, list(columns))
    table = pd.DataFrame(
        [
            {"leaf": place, **_found(flag, probability, found & (leaf == place)), **_tested(flag, probability, own)}
            for place in segments
            for own in [~found & (leaf == place)]
        ]
    )
    table = _with_tests(table[table["customer_count"] > 0], level)
    return WeakSpots(
        segments=[segments[place] for place in table["leaf"]],
        table=table.drop(columns="leaf"),
        found_count=int(found.sum()),
        tested_count=int((~found).sum()),
    )


def _grown(X: Floats, excess: Floats, weight: Floats) -> Any:  # noqa: ANN401 - scikit-learn has no types
    from sklearn.tree import DecisionTreeRegressor  # noqa: PLC0415 - who reads no accuracy report need not wait for it

    smallest = min(FEWEST_EXPECTED / weight.sum(), 0.5)
    tree = DecisionTreeRegressor(max_depth=DEPTH, min_weight_fraction_leaf=smallest, random_state=0)
    return tree.fit(X.astype(np.float32), excess, sample_weight=weight)


def _segments(tree: Any, columns: list[str]) -> dict[int, Segment]:  # noqa: ANN401 - as above
    """Return what each leaf asks of the columns, by the leaf's number."""
    found: dict[int, Segment] = {}
    waiting: list[tuple[int, dict[str, Bounds]]] = [(0, {})]
    while waiting:
        node, asked = waiting.pop()
        if tree.children_left[node] < 0:
            found[node] = asked
            continue
        name, threshold = columns[tree.feature[node]], float(tree.threshold[node])
        bounds, left = asked.get(name, Bounds()), bool(tree.missing_go_to_left[node])
        waiting.append((tree.children_left[node], asked | {name: bounds.below(threshold, missing=left)}))
        waiting.append((tree.children_right[node], asked | {name: bounds.above(threshold, missing=not left)}))
    return found


def _found(flag: Floats, probability: Floats, own: npt.NDArray[np.bool_]) -> dict[str, float]:
    return {"found_ratio": float(flag[own].sum() / probability[own].sum())}


def _tested(flag: Floats, probability: Floats, own: npt.NDArray[np.bool_]) -> dict[str, float]:
    count = int(own.sum())
    return {
        "customer_count": count,
        "default_count": int(flag[own].sum()),
        "mean_pd": float(probability[own].mean()) if count else np.nan,
        "default_rate": float(flag[own].mean()) if count else np.nan,
    }


def _with_tests(table: pd.DataFrame, level: float) -> pd.DataFrame:
    low, high = jeffreys_interval(table["customer_count"], table["default_count"], level=level)
    p_value = jeffreys(table["mean_pd"], table["customer_count"], table["default_count"])
    tested = table.assign(low_rate=low, high_rate=high, p_value=p_value)
    excess = tested["default_rate"] / tested["mean_pd"]
    return tested.loc[excess.sort_values(ascending=False, kind="stable").index].reset_index(drop=True)

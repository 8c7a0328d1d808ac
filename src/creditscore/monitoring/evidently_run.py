"""The one place that talks to Evidently 0.7.

Its drift methods are named, never left to its defaults, which change with the sample's size. It drops missing values
and refuses columns without any value, so such columns are kept from it; missing values are judged beside it.
"""

import os
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import numpy as np
import pandas as pd

from creditscore.errors import ParameterError
from creditscore.monitoring.classes import as_classes

NUMERIC_METHOD: Final = "wasserstein"  # divided by the reference's standard deviation: no unit
CATEGORICAL_METHOD: Final = "psi"
PROJECT: Final = "creditscore"

# Evidently 0.7.23 says these of itself while it is imported; nobody who imports it can do anything about them.
IMPORT_WARNINGS: Final = (
    "numpy.core is deprecated",
    "invalid escape sequence",
    "Call to deprecated function 'Dependency'",
    "Use of deprecated class 'DependencyKwarg'",
)


@dataclass(frozen=True, slots=True)
class Columns:
    """Columns to compare, by kind, and the distances at which Evidently marks them on its own page."""

    numeric: tuple[str, ...]
    categorical: tuple[str, ...]
    categorical_threshold: float
    numeric_threshold: float = 0.1  # Evidently's own default, in standard deviations of the reference


def distances(
    reference: pd.DataFrame, current: pd.DataFrame, *, columns: Columns, page: Path | None = None
) -> Mapping[str, float]:
    """Return Evidently's distance between both frames for each numeric column, and write its HTML page if asked to.

    Parameters
    ----------
    reference, current
        Rows to compare, sampled: its page grows with columns and bins, its time with rows.
    columns
        Columns of both frames.
    page
        Path of the HTML page; the page holds its scripts and data and needs no network.

    Returns
    -------
    Mapping
        Column to Wasserstein distance in standard deviations of the reference, NaN where either side has no value.
    """
    numeric = [name for name in columns.numeric if _has_values(reference[name]) and _has_values(current[name])]
    categorical = [name for name in columns.categorical if name in reference and name in current]
    measured = dict.fromkeys(columns.numeric, float("nan"))
    if not numeric and not categorical:
        return measured
    snapshot = _run(
        {"reference": _finite(reference, numeric, categorical), "current": _finite(current, numeric, categorical)},
        columns=columns,
        numeric=numeric,
        categorical=categorical,
    )
    if page is not None:
        page.parent.mkdir(parents=True, exist_ok=True)
        snapshot.save_html(str(page))
    found = {metric["config"]["column"]: metric["value"] for metric in snapshot.dict()["metrics"]}
    return measured | {name: float(found[name]) for name in numeric}


def collect(reference: pd.DataFrame, current: pd.DataFrame, *, columns: Columns, workspace: Path, on: date) -> None:
    """Add the comparison to a folder that ``evidently ui`` shows; a day is added once.

    Parameters
    ----------
    reference, current, columns
        As for :func:`distances`.
    workspace
        Folder of the runs.
    on
        Day of the current rows.
    """
    with _imported():
        from evidently.ui.workspace import Workspace  # noqa: PLC0415 - seconds to import

    place = Workspace.create(str(workspace))
    project = next(iter(place.search_project(PROJECT)), None) or place.create_project(PROJECT)
    if str(on) in {place.get_run(project.id, run).name for run in place.list_runs(project.id)}:
        return
    numeric = [one for one in columns.numeric if _has_values(reference[one]) and _has_values(current[one])]
    categorical = [one for one in columns.categorical if one in reference and one in current]
    frames = {
        side: _finite(frame, numeric, categorical) for side, frame in (("reference", reference), ("current", current))
    }
    run = _run(frames, columns=columns, numeric=numeric, categorical=categorical, on=on)
    place.add_run(project.id, run, name=str(on))


def _run(
    frames: Mapping[str, pd.DataFrame],
    *,
    columns: Columns,
    numeric: list[str],
    categorical: list[str],
    on: date | None = None,
) -> Any:  # noqa: ANN401 - Evidently ships no types
    with _imported() as evidently:
        from evidently.metrics import ValueDrift  # noqa: PLC0415 - seconds to import

    kinds = (
        (categorical, CATEGORICAL_METHOD, columns.categorical_threshold),
        (numeric, NUMERIC_METHOD, columns.numeric_threshold),
    )
    metrics = [
        ValueDrift(column=name, method=method, threshold=mark) for names, method, mark in kinds for name in names
    ]
    definition = evidently.DataDefinition(numerical_columns=numeric, categorical_columns=categorical)
    reference, current = (
        evidently.Dataset.from_pandas(frames[name], data_definition=definition) for name in ("reference", "current")
    )
    at = None if on is None else datetime.combine(on, time())
    return evidently.Report(metrics, include_tests=False).run(current, reference, timestamp=at)  # current first


@contextmanager
def _imported() -> Iterator[ModuleType]:
    """Import Evidently with its telemetry off and its known warnings about itself unheard."""
    os.environ.setdefault("DO_NOT_TRACK", "1")
    with warnings.catch_warnings():
        for message in IMPORT_WARNINGS:
            warnings.filterwarnings("ignore", message=message, category=DeprecationWarning)
            warnings.filterwarnings("ignore", message=message, category=SyntaxWarning)
        try:
            import evidently  # noqa: PLC0415 - seconds to import
        except ImportError as error:
            raise ParameterError(
                where="drift",
                found="Evidently is not installed.",
                fix="Install the extra: pip install 'creditscore[monitoring]'.",
            ) from error
        yield evidently


def _has_values(column: "pd.Series[Any]") -> bool:
    return bool(np.isfinite(column.to_numpy(dtype=np.float64)).any())


def _finite(frame: pd.DataFrame, numeric: list[str], categorical: list[str]) -> pd.DataFrame:
    values = frame[numeric].astype("float64").replace([np.inf, -np.inf], np.nan)
    return pd.concat([frame[categorical].apply(as_classes), values], axis="columns").reset_index(drop=True)

"""Evidently's runs of many days in one folder, for its own user interface."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from creditscore.domain import Workspace
from creditscore.features import Feature
from creditscore.monitoring.evidently_run import Columns, collect
from creditscore.monitoring.limits import DriftLimits
from creditscore.monitoring.scored_day import Sample, sampled
from creditscore.scoring import open_champion


def collect_day(workspace: Workspace, *, as_of: date, features: Sequence[Feature] = ()) -> Path:
    """Add Evidently's comparison of a scored day with development to the workspace's folder, once; return the folder.

    Parameters
    ----------
    workspace
        The portfolio.
    as_of
        A scored day.
    features
        Features of the recipe's own that the shipped catalogue does not know.

    Raises
    ------
    ParameterError
        If Evidently is not installed.
    StoreError
        If the day was not scored.
    """
    bundle = open_champion(workspace, features=features)
    names = bundle.feature_names
    current = sampled(workspace, as_of, sample=Sample())
    columns = Columns(numeric=tuple(names), categorical=(), categorical_threshold=DriftLimits().psi)
    collect(bundle.reference(), current, columns=columns, workspace=workspace.evidently, on=as_of)
    return workspace.evidently

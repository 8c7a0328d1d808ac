"""From a recipe to a registered model, one small step after the other."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pandas as pd

from creditscore.book import Book, Engine
from creditscore.domain import Progress, Workspace, pd_column, silent
from creditscore.features import snapshot_hash
from creditscore.policy import Policy, policy_in_force
from creditscore.reporting import write_model_card
from creditscore.scoring import IMPORTANCE, LEARNED_UNTIL, Bundle, BundleContents, GateResult, write_bundle
from creditscore_training.aliases import MlflowRegistry
from creditscore_training.evaluation import (
    BESIDE,
    compared_with,
    evaluation_frame,
    first_tested,
    measure,
    reference_frame,
    with_segments,
)
from creditscore_training.fairness import fairness_metrics, fairness_table
from creditscore_training.figures import calibration_figure, importance_figure, roc_figure, score_figure
from creditscore_training.fitting import Candidates, certified, fit_candidates, importances
from creditscore_training.gates import judge
from creditscore_training.observations import KEYS
from creditscore_training.panel import Attrition, Panel, build_panel
from creditscore_training.recipe import Recipe
from creditscore_training.role import Role
from creditscore_training.splits import DEVELOPMENT, TEST, UNSEEN_SHARE, assign, split_table
from creditscore_training.standing import Standing, appoint, standing_of
from creditscore_training.tracking import Record, Registered, record_text, register, tracking_uri_or_default

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

HASH_SHOWN = 12
CARD = "model_card.md"
EXAMPLE_ROWS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingResult:
    """What a training run gives.

    Parameters
    ----------
    bundle_folder
        Folder of the bundle, named ``<recipe>-<first 12 digits of its hash>``.
    metrics
        Metrics, see :func:`creditscore_training.evaluation.measure`.
    gates
        What each gate said.
    attrition
        How many observations were left out, and why.
    splits
        The three periods, see :func:`creditscore_training.splits.split_table`.
    run_id, registered_version
        The MLflow run, and the version in its model registry.
    standing
        What the model is now: champion, challenger, or neither; and why.
    """

    bundle_folder: Path
    metrics: Mapping[str, float]
    gates: tuple[GateResult, ...]
    attrition: Attrition
    splits: pd.DataFrame
    run_id: str
    registered_version: str
    standing: Standing

    @property
    def promoted_flag(self) -> bool:
        """Whether the model is now the workspace's champion."""
        return self.standing.role is Role.CHAMPION

    @property
    def summary(self) -> str:
        """One line for a person."""
        found = self.metrics
        standing = self.standing.role or "not promoted"
        return (
            f"{self.bundle_folder.name}, version {self.registered_version}, {standing}: "
            f"AUC out of time {found['auc_test']:.3f} "
            f"({found['auc_test_low']:.3f} to {found['auc_test_high']:.3f}), "
            f"on unseen customers {found['auc_test_unseen']:.3f}, of the logistic regression "
            f"{found['auc_test_logistic']:.3f}"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Findings:
    """Everything that is known of the candidates before anything is written."""

    rows: pd.DataFrame
    splits: pd.DataFrame
    candidates: Candidates
    evaluation: pd.DataFrame
    metrics: Mapping[str, float]
    importances: pd.DataFrame
    fairness: pd.DataFrame
    gates: tuple[GateResult, ...]


def train(
    recipe: Recipe,
    workspace: Workspace,
    *,
    as_of: date | None = None,
    tracking_uri: str | None = None,
    progress: Progress = silent,
    engine: Engine | None = None,
) -> TrainingResult:
    """Train, evaluate and record a model, and make it champion or challenger if its gates pass.

    See :func:`creditscore_training.standing.standing_of` for which of the two.

    Parameters
    ----------
    recipe
        How to train.
    workspace
        Folder whose book is learned from and whose bundles the model joins.
    as_of
        Last day whose information may be used, for features and for outcomes; the recipe's ``observed_until`` where
        ``None``.
    tracking_uri
        MLflow's store; ``MLFLOW_TRACKING_URI`` or ``sqlite:///mlruns/mlflow.db`` where ``None``.
    progress
        Told of each step.
    engine
        What computes labels and features; embedded where ``None``. The model is fitted in this process.

    Raises
    ------
    ContractError
        If the workspace has no book.
    ParameterError
        If the book gives no labelled panel, one of the periods has too few defaults, or the recipe wants tuned
        parameters and no study of exactly this panel has any.
    StoreError
        If the bundle cannot be written, or MLflow refuses the record.
    """
    recipe = recipe if as_of is None else replace(recipe, observed_until=as_of)
    book, policy = Book.open(workspace.book), policy_in_force(workspace)
    book = book if engine is None else book.on(engine)
    panel = build_panel(book, recipe, progress=progress)
    recipe, tuned = _tuned(recipe, panel)
    found = _find(book, panel, recipe, policy=policy, progress=progress)
    bundle = _write(workspace, recipe, found, provenance=_provenance(book, policy, recipe, found) | tuned)
    standing = standing_of(workspace, bundle, policy=policy, best=recipe.role, significance=recipe.gates.significance)
    progress("record in MLflow", 0, 1)
    uri = tracking_uri_or_default(tracking_uri)
    registered = register(_record(recipe, found, bundle, attrition=panel.attrition), tracking_uri=uri)
    appoint(workspace, bundle, standing, version=registered.version, registry=MlflowRegistry(uri))
    card = write_model_card(workspace, bundle)  # last, because it names the appointment
    record_text(registered.run_id, CARD, card.read_text("utf-8"), tracking_uri=uri)
    progress("record in MLflow", 1, 1)
    return _result(found, bundle, panel.attrition, registered=registered, standing=standing)


def _tuned(recipe: Recipe, panel: Panel) -> tuple[Recipe, dict[str, str]]:
    """Return the recipe to train with, and where its parameters come from if a tuning found them."""
    if recipe.tuned_in is None:
        return recipe, {}
    from creditscore_training.tuning.choice import tuned_recipe  # noqa: PLC0415 - who does not tune needs no optuna

    return tuned_recipe(recipe, panel, storage=recipe.tuned_in)


def _find(book: Book, panel: Panel, recipe: Recipe, *, policy: Policy, progress: Progress) -> _Findings:
    horizon = recipe.definition.horizon_months
    days = [day.date() for day in sorted(panel.frame["as_of"].unique())]
    periods = recipe.periods.resolved(days)
    rows = with_segments(assign(panel.frame, periods), book.read("customers").to_pandas())
    candidates = fit_candidates(rows, recipe, progress=progress)
    evaluation = evaluation_frame(rows, candidates, policy=policy, horizon_months=horizon)
    fairness = fairness_table(evaluation, horizon_months=horizon)
    metrics = measure(evaluation, horizon_months=horizon) | certified(candidates, recipe) | fairness_metrics(fairness)
    return _Findings(
        rows=rows,
        splits=split_table(rows, horizon_months=horizon),
        candidates=candidates,
        evaluation=evaluation,
        metrics=metrics,
        importances=importances(candidates.model, rows, recipe),
        fairness=fairness,
        gates=judge(recipe.gates, metrics),
    )


def _provenance(book: Book, policy: Policy, recipe: Recipe, found: _Findings) -> dict[str, str]:
    """Return where the model comes from, in texts that hold no time of day."""
    periods = found.splits.set_index("split")[["first_on", "last_on"]]
    bounds = {f"{split}_{side}": f"{day:%Y-%m-%d}" for split, days in periods.iterrows() for side, day in days.items()}
    return {
        **bounds,
        LEARNED_UNTIL: f"{recipe.observed_until or book.known_days()[1]}",
        "book_fingerprint": book.fingerprint,
        "panel_hash": snapshot_hash(found.rows[[*KEYS, "default_flag", *recipe.feature_names]]),
        "definition_hash": recipe.definition.hash,
        "policy_hash": policy.hash,
        "seed": str(recipe.seed),
        UNSEEN_SHARE: str(recipe.periods.unseen_share),
    }


def _write(workspace: Workspace, recipe: Recipe, found: _Findings, *, provenance: Mapping[str, str]) -> Bundle:
    """Write the bundle under a name that ends in its own hash; the same bundle is written once."""
    names = list(recipe.feature_names)
    contents = BundleContents(
        name=recipe.name,
        model=found.candidates.model,
        features=recipe.features,
        definition=recipe.definition,
        policy_hash=provenance["policy_hash"],
        training=provenance,
        metrics=_kept_metrics(found),
        evaluation=found.evaluation,
        reference=reference_frame(found.rows, found.evaluation, features=names, seed=recipe.seed),
        tested=first_tested(found.rows, features=names, seed=recipe.seed),
        gates=found.gates,
        hyperparameters=recipe.hyperparameters(),
    )
    workspace.bundles.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=workspace.bundles, prefix=".draft-") as drafts:
        draft = write_bundle(Path(drafts) / recipe.name, contents=contents)
        folder = workspace.bundles / f"{recipe.name}-{draft.hash[:HASH_SHOWN]}"
        if not folder.exists():
            draft.folder.replace(folder)
    return Bundle.open(folder, features=recipe.features)


def _kept_metrics(found: _Findings) -> dict[str, float]:
    """Return what the bundle keeps: the metrics that exist, and the importance of each feature."""
    metrics = {name: value for name, value in found.metrics.items() if math.isfinite(value)}
    moved = found.importances.set_index("feature")["mean_contribution"]
    return metrics | {f"{IMPORTANCE}{name}": float(value) for name, value in moved.items()}


def _record(recipe: Recipe, found: _Findings, bundle: Bundle, *, attrition: Attrition) -> Record:
    horizon = recipe.definition.horizon_months
    test = found.evaluation[found.evaluation["split"] == TEST]
    flag = test["default_flag"].to_numpy()
    beside = {name: f"{BESIDE}{name}" for name in compared_with(found.evaluation, horizon_months=horizon)}
    models = {"model": pd_column(horizon), **beside}
    example = found.rows.loc[found.rows["split"] == DEVELOPMENT, list(recipe.feature_names)].head(EXAMPLE_ROWS)
    return Record(
        name=recipe.name,
        parameters=recipe.parameters(),
        tags={**bundle.training, "bundle": bundle.folder.name, "bundle_hash": bundle.hash},
        metrics={**found.metrics, **{name: float(count) for name, count in asdict(attrition).items()}},
        tables=_tables(recipe, found),
        figures={
            "roc": roc_figure(flag, {name: test[column].to_numpy() for name, column in models.items()}),
            "calibration": calibration_figure(flag, test[pd_column(horizon)].to_numpy()),
            "scores": score_figure(test["score"].to_numpy(), flag),
            "feature_importances": importance_figure(found.importances),
        },
        gates=found.gates,
        bundle=bundle.folder,
        example=example.reset_index(drop=True),
        horizon_months=horizon,
    )


def _tables(recipe: Recipe, found: _Findings) -> dict[str, pd.DataFrame]:
    tables = {
        "periods": found.splits,
        "feature_importances": found.importances,
        "features": _feature_table(recipe),
        "fairness": found.fairness,
    }
    beside: dict[str, Sequence[DataclassInstance]] = {
        "calibration_candidates": found.candidates.calibration_scores,
        "blend_candidates": found.candidates.blend_scores,
        "certificate": found.candidates.certificate,
    }
    return tables | {name: pd.DataFrame([asdict(one) for one in lines]) for name, lines in beside.items() if lines}


def _feature_table(recipe: Recipe) -> pd.DataFrame:
    words = ("name", "family", "unit", "risk", "description")
    return pd.DataFrame([{word: str(getattr(feature, word)) for word in words} for feature in recipe.features])


def _result(
    found: _Findings, bundle: Bundle, attrition: Attrition, *, registered: Registered, standing: Standing
) -> TrainingResult:
    return TrainingResult(
        bundle_folder=bundle.folder,
        metrics=found.metrics,
        gates=found.gates,
        attrition=attrition,
        splits=found.splits,
        run_id=registered.run_id,
        registered_version=registered.version,
        standing=standing,
    )

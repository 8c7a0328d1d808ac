"""From a scenario recipe to a model that answers, one small step after the other."""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from creditscore.advice import ASKED, ScenarioBundle, ScenarioContents, set_scenario, write_scenario
from creditscore.book import Book, Engine
from creditscore.domain import Progress, Workspace, silent
from creditscore.errors import ParameterError
from creditscore.features import Feature
from creditscore.models import ScenarioModel, Support
from creditscore.policy import Policy, policy_in_force
from creditscore.scoring import LEARNED_UNTIL, Bundle, GateResult, open_champion
from creditscore_training.figures import calibration_figure
from creditscore_training.role import Role
from creditscore_training.scenarios.evaluation import judge, measure, scored
from creditscore_training.scenarios.learning import fitted, with_strangers
from creditscore_training.scenarios.recipe import ScenarioRecipe
from creditscore_training.scenarios.requests import BASE, RequestAttrition, request_panel
from creditscore_training.splits import SPLITS, TEST, Periods, assign, split_table
from creditscore_training.standing import Standing
from creditscore_training.tracking import Record, record_run, tracking_uri_or_default

EXAMPLE_ROWS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioResult:
    """What training a scenario model gives.

    Parameters
    ----------
    bundle_folder
        Folder of the bundle.
    metrics, gates
        How good it is out of time, and what each gate said.
    attrition, splits
        Which requests were left out and why, and the three periods.
    run_id
        The MLflow run.
    promoted_flag
        Whether the model answers now.
    """

    bundle_folder: Path
    metrics: Mapping[str, float]
    gates: tuple[GateResult, ...]
    attrition: RequestAttrition
    splits: pd.DataFrame
    run_id: str
    promoted_flag: bool

    @property
    def standing(self) -> Standing:
        """Whether the model answers, and why."""
        if self.promoted_flag:
            return Standing(Role.CHAMPION, "It answers from now on.")
        return Standing(None, "A gate refused it.")

    @property
    def summary(self) -> str:
        """One line for a person."""
        found = self.metrics
        return (
            f"{self.bundle_folder.name}, {'answers' if self.promoted_flag else 'not promoted'}: log loss out of time "
            f"{found['log_loss_test']:.4f}, of the base alone {found['log_loss_test_base']:.4f}, on "
            f"{found['default_count_test']:.0f} defaults of {found['row_count_test']:,.0f} requests"
        )


@dataclass(frozen=True, slots=True)
class _Findings:
    """Everything that is known before anything is written."""

    rows: pd.DataFrame
    model: ScenarioModel
    metrics: Mapping[str, float]
    gates: tuple[GateResult, ...]
    attrition: RequestAttrition
    splits: pd.DataFrame


def train_scenario(  # noqa: PLR0913 - as the training of the champion
    recipe: ScenarioRecipe,
    workspace: Workspace,
    *,
    as_of: date | None = None,
    tracking_uri: str | None = None,
    features: tuple[Feature, ...] = (),
    progress: Progress = silent,
    engine: Engine | None = None,
) -> ScenarioResult:
    """Train, evaluate and record a scenario model on top of the champion, and let it answer if its gates pass.

    Parameters
    ----------
    recipe
        How to train.
    workspace
        Folder with a book and a champion.
    as_of
        Last day whose information may be used; by default the recipe's, else the champion's.
    tracking_uri
        MLflow's store, as for :func:`creditscore_training.pipeline.train`.
    features
        Features of the champion's own recipe that the shipped catalogue does not know.
    progress
        Told of each step.
    engine
        What computes labels and features; embedded where ``None``.

    Raises
    ------
    ContractError, BundleError
        If the workspace has no book, or no champion.
    ParameterError
        If one of the periods has too few defaults among requests, or the model cannot be calibrated.
    StoreError
        If the bundle cannot be written, or MLflow refuses the record.
    """
    base, book = open_champion(workspace, features=features), Book.open(workspace.book)
    book = book if engine is None else book.on(engine)
    until = as_of or recipe.observed_until or base.learned_until or book.known_days()[1]
    recipe = replace(recipe, observed_until=until)
    found = _find(book, base, recipe, progress=progress)
    bundle = write_scenario(workspace, _contents(recipe, base, found, book=book, policy=policy_in_force(workspace)))
    progress("record in MLflow", 0, 1)
    run_id = record_run(_record(recipe, bundle, found), tracking_uri=tracking_uri_or_default(tracking_uri))
    progress("record in MLflow", 1, 1)
    promoted = all(gate.passed for gate in found.gates)
    if promoted:
        set_scenario(workspace, bundle)
    return ScenarioResult(
        bundle_folder=bundle.folder,
        metrics=found.metrics,
        gates=found.gates,
        attrition=found.attrition,
        splits=found.splits,
        run_id=run_id,
        promoted_flag=promoted,
    )


def _find(book: Book, base: Bundle, recipe: ScenarioRecipe, *, progress: Progress) -> _Findings:
    panel, attrition = request_panel(
        book,
        base,
        recipe.purpose,
        min_history_days=recipe.min_history_days,
        observed_until=recipe.observed_until,
        progress=progress,
    )
    rows = with_strangers(assign(panel, _periods(recipe, base, panel)), base)
    progress("models fitted", 0, 1)
    model = fitted(recipe.estimator, rows)
    progress("models fitted", 1, 1)
    judged = scored(rows, model)
    metrics = measure(judged, model)
    splits = split_table(rows, horizon_months=base.horizon_months)
    return _Findings(judged, model, metrics, judge(recipe.gates, metrics), attrition, splits)


def _periods(recipe: ScenarioRecipe, base: Bundle, panel: pd.DataFrame) -> Periods:
    """Return the recipe's periods, or the champion's: nothing that it is tested on may have been learned from.

    No customer is held out: what is asked tells nobody apart, and requests with a default are few.
    """
    if recipe.periods is not None:
        days = [day.date() for day in sorted(panel["as_of"].unique())]
        return replace(recipe.periods.resolved(days), unseen_share=0.0)
    ends = [base.training.get(f"{split}_last_on") for split in SPLITS]
    if None in ends:
        raise ParameterError(
            where=f"scenario {recipe.name}",
            found="The champion does not say on which periods it was trained.",
            fix="Give the recipe periods of its own.",
        )
    development, calibration, test = (date.fromisoformat(str(day)) for day in ends)
    return Periods(development_until=development, calibration_until=calibration, test_until=test, unseen_share=0.0)


def _contents(
    recipe: ScenarioRecipe, base: Bundle, found: _Findings, *, book: Book, policy: Policy
) -> ScenarioContents:
    learned = found.rows[found.rows["split"] != TEST]
    return ScenarioContents(
        purpose=recipe.purpose,
        model=found.model,
        support=Support(
            learned[BASE].to_numpy(np.float64),
            learned[list(ASKED)].to_numpy(np.float64),
            fewest=recipe.min_comparable,
            width=recipe.comparable_width,
        ),
        base_bundle_hash=base.hash,
        horizon_months=base.horizon_months,
        min_history_days=recipe.min_history_days,
        policy_hash=policy.hash,
        training=_provenance(recipe, base, found, book),
        metrics={name: value for name, value in found.metrics.items() if math.isfinite(value)},
        evaluation=found.rows,
    )


def _provenance(recipe: ScenarioRecipe, base: Bundle, found: _Findings, book: Book) -> dict[str, str]:
    periods = found.splits.set_index("split")[["first_on", "last_on"]]
    bounds = {f"{split}_{side}": f"{day:%Y-%m-%d}" for split, days in periods.iterrows() for side, day in days.items()}
    return {
        **bounds,
        LEARNED_UNTIL: f"{recipe.observed_until}",
        "base_bundle": base.folder.name,
        "book_fingerprint": book.fingerprint,
        "definition_hash": base.definition.hash,
    }


def _record(recipe: ScenarioRecipe, bundle: ScenarioBundle, found: _Findings) -> Record:
    test = found.rows[found.rows["split"] == TEST]
    figure = calibration_figure(test["default_flag"].to_numpy(), test["pd_scenario"].to_numpy())
    attrition = {name: float(count) for name, count in asdict(found.attrition).items()}
    return Record(
        name=recipe.name,
        parameters=recipe.parameters(),
        tags={
            **bundle.manifest["training"],
            "bundle": bundle.folder.name,
            "bundle_hash": bundle.hash,
            "base_bundle_hash": bundle.base_bundle_hash,
        },
        metrics={**found.metrics, **attrition},
        tables={"periods": found.splits},
        figures={"calibration": figure},
        gates=found.gates,
        bundle=bundle.folder,
        example=test[[BASE, *ASKED]].head(EXAMPLE_ROWS).reset_index(drop=True),
        horizon_months=int(bundle.manifest["horizon_months"]),
    )

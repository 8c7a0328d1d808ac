"""Making the parts of an edition: opened, verified, and warm before anybody asks."""

import numpy as np

from creditscore.book import Book
from creditscore.domain import Workspace
from creditscore.errors import ContractError
from creditscore.policy import Policies
from creditscore.scoring import Bundle, DailyRun, DecisionStore, open_champion, policy_of, score_matrix
from creditscore_serving.served.columns import ServedScores
from creditscore_serving.served.edition import ServedDay, ServedModel
from creditscore_serving.served.words import freeze_of

WARM_ROWS = (1, 128)  # a posted row and a batch take different ways through the model


def open_model(workspace: Workspace, *, before: ServedModel | None = None) -> ServedModel:
    """Open the champion with its policies, every file verified, and score with it once.

    Parameters
    ----------
    workspace
        The portfolio.
    before
        What was served until now; its bundle is kept where it still decides.

    Raises
    ------
    BundleError, PolicyError
        If no sound bundle decides, or a policy file is broken.
    """
    policies = Policies.of(workspace)
    bundle = open_champion(workspace)
    if before is not None and before.bundle.hash == bundle.hash:
        bundle = before.bundle
    else:
        _warm(bundle, policies)
    return ServedModel(bundle=bundle, policies=policies, currency=_currency(workspace))


def open_day(workspace: Workspace, store: DecisionStore, run: DailyRun) -> ServedDay:
    """Bring the scores of a run into memory.

    Raises
    ------
    StoreError, PolicyError
        If the store does not answer, or the policy of the run is gone or altered.
    """
    policy = policy_of(workspace, run.policy_hash)
    scores = ServedScores(store.score_columns(run), store.score_batches(run))
    frozen = store.freezes(run, scores.where_present("frozen_by"))
    told = {customer: freeze_of(row) for customer, row in frozen.items()}
    return ServedDay(run=run, policy=policy, scores=scores, frozen=told)


def _warm(bundle: Bundle, policies: Policies) -> None:
    """Load and compile what the first rows would otherwise wait for."""
    for rows in WARM_ROWS:
        nobody = np.full((rows, len(bundle.feature_names)), np.nan)
        score_matrix(
            bundle,
            policies.latest,
            nobody,
            exposure_amount=np.zeros(rows, np.int64),
            certain=np.zeros(rows, np.bool_),
        )


def _currency(workspace: Workspace) -> str | None:
    try:
        return Book.open(workspace.book).currency
    except ContractError:
        return None

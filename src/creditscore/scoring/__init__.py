"""From snapshot to decision: the bundle, the one path of scoring, the daily run and the score store."""

from creditscore.scoring.aliases import AliasMove, Registry
from creditscore.scoring.applications import apply_for_credit, last_scored_day
from creditscore.scoring.appointment import Champion
from creditscore.scoring.bits import Difference
from creditscore.scoring.bundle import IMPORTANCE, LEARNED_UNTIL, Bundle
from creditscore.scoring.challenger import challenger_of, open_challenger, remove_challenger, set_challenger
from creditscore.scoring.champion import bundle_of, champion_of, open_champion, set_champion, standing_champion
from creditscore.scoring.changes import (
    Cause,
    ChangePart,
    FeatureMove,
    News,
    Push,
    ScoreChange,
    ScoredDay,
    ScoreExplanation,
    explain_change,
    explain_score,
)
from creditscore.scoring.code import code_version
from creditscore.scoring.comparison import Contest, SharedRows, contest, shared_rows
from creditscore.scoring.contract import FeatureContract
from creditscore.scoring.daily import read_scores, read_snapshot, score_days, score_portfolio
from creditscore.scoring.decision_store import DecisionStore
from creditscore.scoring.defaulted import IN_DEFAULT, IN_DEFAULT_REASON
from creditscore.scoring.explanation import reason_texts
from creditscore.scoring.gate_result import GateResult
from creditscore.scoring.history import Change, champion_before, history_of
from creditscore.scoring.idempotency import IdempotencyKey
from creditscore.scoring.improvements import Counterfactual, Counterfactuals, Outcome, Remedy, counterfactuals
from creditscore.scoring.listing import ListedModel, Reign, list_models
from creditscore.scoring.matrix import ScoredMatrix, score_matrix
from creditscore.scoring.monitoring_store import MonitoringStore
from creditscore.scoring.naming import bundle_named
from creditscore.scoring.parity import ParityProof, PathResult, prove_parity
from creditscore.scoring.policies import policy_of
from creditscore.scoring.posted import POSTED_TABLES, PostedCustomer, PostedRows, judged_customers
from creditscore.scoring.promotion import Appointed, challenge, crown, end_challenge, promote, rollback
from creditscore.scoring.recorded import RecordedScore, recorded_score
from creditscore.scoring.registered import add_registration
from creditscore.scoring.replaying import Finding, Replay, replay
from creditscore.scoring.rivals import ModelComparison, compare_models
from creditscore.scoring.rows import EXPOSURE, score_rows
from creditscore.scoring.run import DailyRun, RunInputs
from creditscore.scoring.shadow_record import ShadowRun, read_shadow_scores, shadow_run, shadow_runs
from creditscore.scoring.spark import score_days_on_cluster, scored
from creditscore.scoring.store import ScoreStore
from creditscore.scoring.writing import BundleContents, write_bundle

__all__ = [
    "EXPOSURE",
    "IMPORTANCE",
    "IN_DEFAULT",
    "IN_DEFAULT_REASON",
    "LEARNED_UNTIL",
    "POSTED_TABLES",
    "AliasMove",
    "Appointed",
    "Bundle",
    "BundleContents",
    "Cause",
    "Champion",
    "Change",
    "ChangePart",
    "Contest",
    "Counterfactual",
    "Counterfactuals",
    "DailyRun",
    "DecisionStore",
    "Difference",
    "FeatureContract",
    "FeatureMove",
    "Finding",
    "GateResult",
    "IdempotencyKey",
    "ListedModel",
    "ModelComparison",
    "MonitoringStore",
    "News",
    "Outcome",
    "ParityProof",
    "PathResult",
    "PostedCustomer",
    "PostedRows",
    "Push",
    "RecordedScore",
    "Registry",
    "Reign",
    "Remedy",
    "Replay",
    "RunInputs",
    "ScoreChange",
    "ScoreExplanation",
    "ScoreStore",
    "ScoredDay",
    "ScoredMatrix",
    "ShadowRun",
    "SharedRows",
    "add_registration",
    "apply_for_credit",
    "bundle_named",
    "bundle_of",
    "challenge",
    "challenger_of",
    "champion_before",
    "champion_of",
    "code_version",
    "compare_models",
    "contest",
    "counterfactuals",
    "crown",
    "end_challenge",
    "explain_change",
    "explain_score",
    "history_of",
    "judged_customers",
    "last_scored_day",
    "list_models",
    "open_challenger",
    "open_champion",
    "policy_of",
    "promote",
    "prove_parity",
    "read_scores",
    "read_shadow_scores",
    "read_snapshot",
    "reason_texts",
    "recorded_score",
    "remove_challenger",
    "replay",
    "rollback",
    "score_days",
    "score_days_on_cluster",
    "score_matrix",
    "score_portfolio",
    "score_rows",
    "scored",
    "set_challenger",
    "set_champion",
    "shadow_run",
    "shadow_runs",
    "shared_rows",
    "standing_champion",
    "write_bundle",
]

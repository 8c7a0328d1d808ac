"""From snapshot to decision: the bundle, the one path of scoring, the daily run and the score store."""

from creditscore.scoring.bundle import IMPORTANCE, LEARNED_UNTIL, Bundle
from creditscore.scoring.champion import Champion, bundle_of, champion_of, open_champion, set_champion
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
from creditscore.scoring.contract import FeatureContract
from creditscore.scoring.daily import read_scores, read_snapshot, score_days, score_portfolio
from creditscore.scoring.defaulted import IN_DEFAULT, IN_DEFAULT_REASON
from creditscore.scoring.explanation import reason_texts
from creditscore.scoring.improvements import Counterfactual, Counterfactuals, Outcome, Remedy, counterfactuals
from creditscore.scoring.policies import policy_of
from creditscore.scoring.recorded import RecordedScore, recorded_score
from creditscore.scoring.rows import EXPOSURE, score_rows
from creditscore.scoring.run import DailyRun, run_id_of
from creditscore.scoring.spark import score_days_on_cluster, scored
from creditscore.scoring.store import ScoreStore
from creditscore.scoring.writing import BundleContents, write_bundle

__all__ = [
    "EXPOSURE",
    "IMPORTANCE",
    "IN_DEFAULT",
    "IN_DEFAULT_REASON",
    "LEARNED_UNTIL",
    "Bundle",
    "BundleContents",
    "Cause",
    "Champion",
    "ChangePart",
    "Counterfactual",
    "Counterfactuals",
    "DailyRun",
    "FeatureContract",
    "FeatureMove",
    "News",
    "Outcome",
    "Push",
    "RecordedScore",
    "Remedy",
    "ScoreChange",
    "ScoreExplanation",
    "ScoreStore",
    "ScoredDay",
    "bundle_of",
    "champion_of",
    "code_version",
    "counterfactuals",
    "explain_change",
    "explain_score",
    "open_champion",
    "policy_of",
    "read_scores",
    "read_snapshot",
    "reason_texts",
    "recorded_score",
    "run_id_of",
    "score_days",
    "score_days_on_cluster",
    "score_portfolio",
    "score_rows",
    "scored",
    "set_champion",
    "write_bundle",
]

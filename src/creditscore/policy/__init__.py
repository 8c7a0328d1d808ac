"""The rules of the trade as data: score, grade, colour, reserve, action; alerts, approval and targets."""

from creditscore.policy.alerts import ALERT_LEVELS, Alerts, RedAlert, YellowAlert, alert_levels
from creditscore.policy.approval import Approval, Committee, CooperationYears, GreenChannel, PaybackRatio
from creditscore.policy.colours import Action, Actions, ColourBands
from creditscore.policy.comparison import Difference, compare_policies
from creditscore.policy.decisions import Decisions, decide
from creditscore.policy.loss import Loss
from creditscore.policy.master_scale import Grade, MasterScale
from creditscore.policy.policy import Policy, load_policy
from creditscore.policy.reserve import ReserveRates, reserve_amounts
from creditscore.policy.scale import Anchor, ScoreScale, log_odds
from creditscore.policy.schema import policy_schema
from creditscore.policy.targets import Targets

__all__ = [
    "ALERT_LEVELS",
    "Action",
    "Actions",
    "Alerts",
    "Anchor",
    "Approval",
    "ColourBands",
    "Committee",
    "CooperationYears",
    "Decisions",
    "Difference",
    "Grade",
    "GreenChannel",
    "Loss",
    "MasterScale",
    "PaybackRatio",
    "Policy",
    "RedAlert",
    "ReserveRates",
    "ScoreScale",
    "Targets",
    "YellowAlert",
    "alert_levels",
    "compare_policies",
    "decide",
    "load_policy",
    "log_odds",
    "policy_schema",
    "reserve_amounts",
]

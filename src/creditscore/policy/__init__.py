"""The rules of the trade as data: score, grade, colour, reserve, action; alerts, approval and targets."""

from creditscore.policy.alerts import Alerts, RedAlert, YellowAlert
from creditscore.policy.approval import Approval, Committee, CooperationYears, GreenChannel, PaybackRatio
from creditscore.policy.colours import Action, Actions, ColourBands
from creditscore.policy.comparison import Difference, compare_policies
from creditscore.policy.decisions import Decisions, decide
from creditscore.policy.in_force import Policies, policy_in_force
from creditscore.policy.loss import Loss
from creditscore.policy.master_scale import Grade, MasterScale
from creditscore.policy.policy import Policy, load_policy
from creditscore.policy.reserve import ReserveRates, reserve_amounts
from creditscore.policy.reserve_ledger import MOVEMENT_KINDS, Holding, ReserveDay, Settlement, settle_reserves
from creditscore.policy.scale import Anchor, ScoreScale, log_odds
from creditscore.policy.schema import policy_schema
from creditscore.policy.targets import Targets
from creditscore.policy.validity import PolicyChange, Validity

__all__ = [
    "MOVEMENT_KINDS",
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
    "Holding",
    "Loss",
    "MasterScale",
    "PaybackRatio",
    "Policies",
    "Policy",
    "PolicyChange",
    "RedAlert",
    "ReserveDay",
    "ReserveRates",
    "ScoreScale",
    "Settlement",
    "Targets",
    "Validity",
    "YellowAlert",
    "compare_policies",
    "decide",
    "load_policy",
    "log_odds",
    "policy_in_force",
    "policy_schema",
    "reserve_amounts",
    "settle_reserves",
]

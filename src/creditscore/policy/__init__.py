"""The rules of the trade as data: score, grade, colour, reserve, action; alerts, approval and targets."""

from creditscore.policy.actions import Action, Actions
from creditscore.policy.alerts import ALERT_LEVELS, Alerts, RedAlert, YellowAlert, alert_levels
from creditscore.policy.approval import Approval, Committee, GreenChannel
from creditscore.policy.colours import ColourBands, Governance
from creditscore.policy.comparison import Difference, compare_policies
from creditscore.policy.decisions import Decisions, decide
from creditscore.policy.governance import Governed, govern
from creditscore.policy.grading import CooperationYears, IndustryRisks, PaybackRatio, RiskLevel
from creditscore.policy.in_force import Policies, policy_in_force
from creditscore.policy.limits import GroupLimit, Limits, Position, Ruled, set_limits
from creditscore.policy.loss import Loss
from creditscore.policy.master_scale import Grade, MasterScale
from creditscore.policy.policy import Policy, load_policy
from creditscore.policy.reserve import ReserveRates, reserve_amounts
from creditscore.policy.reserve_ledger import MOVEMENT_KINDS, Holding, ReserveDay, Settlement, settle_reserves
from creditscore.policy.routes import ApprovalCondition, ApprovalLevel, ApprovalRule, Route
from creditscore.policy.scale import Anchor, ScoreScale, log_odds
from creditscore.policy.schema import policy_schema
from creditscore.policy.table import GradingRow, approval_page, approval_table
from creditscore.policy.targets import Targets
from creditscore.policy.validity import PolicyChange, Validity

__all__ = [
    "ALERT_LEVELS",
    "MOVEMENT_KINDS",
    "Action",
    "Actions",
    "Alerts",
    "Anchor",
    "Approval",
    "ApprovalCondition",
    "ApprovalLevel",
    "ApprovalRule",
    "ColourBands",
    "Committee",
    "CooperationYears",
    "Decisions",
    "Difference",
    "Governance",
    "Governed",
    "Grade",
    "GradingRow",
    "GreenChannel",
    "GroupLimit",
    "Holding",
    "IndustryRisks",
    "Limits",
    "Loss",
    "MasterScale",
    "PaybackRatio",
    "Policies",
    "Policy",
    "PolicyChange",
    "Position",
    "RedAlert",
    "ReserveDay",
    "ReserveRates",
    "RiskLevel",
    "Route",
    "Ruled",
    "ScoreScale",
    "Settlement",
    "Targets",
    "Validity",
    "YellowAlert",
    "alert_levels",
    "approval_page",
    "approval_table",
    "compare_policies",
    "decide",
    "govern",
    "load_policy",
    "log_odds",
    "policy_in_force",
    "policy_schema",
    "reserve_amounts",
    "set_limits",
    "settle_reserves",
]

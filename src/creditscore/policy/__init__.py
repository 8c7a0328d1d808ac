"""The rules of the trade as data: score, grade, colour, reserve, action; alerts, approval and targets."""

from creditscore.policy.alerts import Alerts, RedAlert, YellowAlert
from creditscore.policy.approval import Approval, Committee, GreenChannel
from creditscore.policy.colours import Action, Actions, ColourBands
from creditscore.policy.comparison import Difference, compare_policies
from creditscore.policy.decisions import Decisions, decide
from creditscore.policy.grading import CooperationYears, IndustryRisks, PaybackRatio, RiskLevel
from creditscore.policy.in_force import Policies, policy_in_force
from creditscore.policy.loss import Loss
from creditscore.policy.master_scale import Grade, MasterScale
from creditscore.policy.policy import Policy, load_policy
from creditscore.policy.reserve import ReserveRates, reserve_amounts
from creditscore.policy.routes import ApprovalCondition, ApprovalLevel, ApprovalRule, Route
from creditscore.policy.scale import Anchor, ScoreScale, log_odds
from creditscore.policy.schema import policy_schema
from creditscore.policy.table import GradingRow, approval_page, approval_table
from creditscore.policy.targets import Targets
from creditscore.policy.validity import PolicyChange, Validity

__all__ = [
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
    "Grade",
    "GradingRow",
    "GreenChannel",
    "IndustryRisks",
    "Loss",
    "MasterScale",
    "PaybackRatio",
    "Policies",
    "Policy",
    "PolicyChange",
    "RedAlert",
    "ReserveRates",
    "RiskLevel",
    "Route",
    "ScoreScale",
    "Targets",
    "Validity",
    "YellowAlert",
    "approval_page",
    "approval_table",
    "compare_policies",
    "decide",
    "load_policy",
    "log_odds",
    "policy_in_force",
    "policy_schema",
    "reserve_amounts",
]

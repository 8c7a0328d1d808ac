"""From scores to decisions that can be defended: governed colours, limits, reserves, alerts, applications."""

from creditscore.decisions.adequacy import DRIVER_COLUMNS, GAP_COLUMNS, Adequacy, adequacy, expected_losses
from creditscore.decisions.alerts import ALERT_COLUMNS, follow_alerts, standing_alerts
from creditscore.decisions.application import Applicant, Application, Freeze
from creditscore.decisions.applications import decide_application
from creditscore.decisions.backtest import Backtest, backtest
from creditscore.decisions.day import DECIDED_COLUMNS, DayOfDecisions, Standing, decide_day, link_kinds
from creditscore.decisions.freezes import FOLLOWED_FREEZE_COLUMNS, FREEZE_COLUMNS, follow_freezes, freezes
from creditscore.decisions.frontier import GOVERNANCE_GRID, chosen_setting, efficient, frontier
from creditscore.decisions.matured_loss import matured_losses
from creditscore.decisions.observed_rolls import observed_rolls
from creditscore.decisions.own import CARRIED, OWN_COLUMNS, decide_own
from creditscore.decisions.provision_matrix import (
    AGEING_BUCKETS,
    PROVISION_COLUMNS,
    ROLL_BOUNDS,
    RollRates,
    matrix_table,
    provisions,
    roll_rates,
)
from creditscore.decisions.realised_loss import MATURED_COLUMNS, REALISED_COLUMNS, realised_losses
from creditscore.decisions.record import ApplicationOutcome, Condition, DecisionRecord, Graded, LevelDue, RuleApplied
from creditscore.decisions.reserves import (
    CLOSING_COLUMNS,
    HELD_COLUMNS,
    HOLDING_COLUMNS,
    MOVEMENT_COLUMNS,
    ReserveBook,
    closings,
    settle_book,
)
from creditscore.decisions.telling import freeze_text
from creditscore.decisions.working_days import WorkingDay, working_day_after

__all__ = [
    "AGEING_BUCKETS",
    "ALERT_COLUMNS",
    "CARRIED",
    "CLOSING_COLUMNS",
    "DECIDED_COLUMNS",
    "DRIVER_COLUMNS",
    "FOLLOWED_FREEZE_COLUMNS",
    "FREEZE_COLUMNS",
    "GAP_COLUMNS",
    "GOVERNANCE_GRID",
    "HELD_COLUMNS",
    "HOLDING_COLUMNS",
    "MATURED_COLUMNS",
    "MOVEMENT_COLUMNS",
    "OWN_COLUMNS",
    "PROVISION_COLUMNS",
    "REALISED_COLUMNS",
    "ROLL_BOUNDS",
    "Adequacy",
    "Applicant",
    "Application",
    "ApplicationOutcome",
    "Backtest",
    "Condition",
    "DayOfDecisions",
    "DecisionRecord",
    "Freeze",
    "Graded",
    "LevelDue",
    "ReserveBook",
    "RollRates",
    "RuleApplied",
    "Standing",
    "WorkingDay",
    "adequacy",
    "backtest",
    "chosen_setting",
    "closings",
    "decide_application",
    "decide_day",
    "decide_own",
    "efficient",
    "expected_losses",
    "follow_alerts",
    "follow_freezes",
    "freeze_text",
    "freezes",
    "frontier",
    "link_kinds",
    "matrix_table",
    "matured_losses",
    "observed_rolls",
    "provisions",
    "realised_losses",
    "roll_rates",
    "settle_book",
    "standing_alerts",
    "working_day_after",
]

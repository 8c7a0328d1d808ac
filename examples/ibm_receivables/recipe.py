"""Who falls 15 days behind within 3 months: a forest for a ledger of 100 customers and 23 months.

Every choice stood before the first fit, and none was moved after it.
"""

from datetime import date

from creditscore.domain import Reason
from creditscore.features import macro_change, macro_level, named
from creditscore.models import LogisticCalibration, MonotoneForest
from creditscore.outcomes import DefaultDefinition
from creditscore_training.gates import Gates
from creditscore_training.observations import MonthEnds
from creditscore_training.recipe import Recipe
from creditscore_training.splits import Periods

# What one ledger of whole payments can fill. Left out: what needs other tables; payment terms, credit notes and part
# payments, of which this ledger has one kind or none; disputes of open invoices, which are not known before the
# settlement; and what counts or sums a year of orders, which would measure how long ago the ledger began.
LEDGER = (
    "payback_90d_ratio",
    "payback_180d_ratio",
    "payback_365d_ratio",
    "delay_mean_90d_days",
    "delay_mean_180d_days",
    "delay_mean_365d_days",
    "delay_weighted_90d_days",
    "delay_weighted_365d_days",
    "delay_worst_90d_days",
    "delay_worst_180d_days",
    "delay_worst_365d_days",
    "late_share_90d_ratio",
    "late_share_365d_ratio",
    "delay_trend_days",
    "delay_volatility_365d_days",
    "since_payment_days",
    "orders_90d_count",
    "orders_90d_amount",
    "since_order_days",
    "order_mean_365d_amount",
    "disputed_365d_ratio",
    "open_amount",
    "open_count",
    "open_largest_share_ratio",
    "overdue_amount",
    "overdue_ratio",
    "overdue_count",
    "overdue_oldest_days",
    "overdue_weighted_days",
)

# Few, for the forest learns from nine month ends, and so meets nine different values of each.
ECONOMY = (
    macro_change(
        "INDPRO",
        months=12,
        relative=True,
        risk="falls",
        reason=Reason("Z01", en="Industrial production grows slowly", zh="工业生产增长放缓"),
    ),
    macro_change("UNRATE", months=12, risk="rises", reason=Reason("Z02", en="Unemployment is rising", zh="失业率上升")),
    macro_level("BAAFFM", risk="rises", reason=Reason("Z03", en="Credit to companies is dear", zh="企业信用利差偏高")),
)

RECIPE = Recipe(
    name="ibm_receivables",
    features=(*(named(name) for name in LEDGER), *ECONOMY),
    # 20 dollars: the usual invoice is over 60. A forgotten small bill is no default; 3 % of the invoices are smaller.
    definition=DefaultDefinition(
        version="late-15-1", days_past_due=15, material_amount=2_000, events=(), horizon_months=3
    ),
    observations=MonthEnds(history_months=3),
    periods=Periods(development_until=date(2012, 12, 31), calibration_until=date(2013, 4, 30), unseen_share=0.20),
    # About 700 rows to learn from: shallow trees with leaves of 20.
    estimator=MonotoneForest(trees=300, leaves=12, depth=4, min_leaf=20, feature_share=0.3, threads=1),
    calibration=LogisticCalibration(),
    # With some 50 defaults among 350 rows the standard error of an AUC of 0.7 is about 0.04, and of a calibration slope
    # about 0.25. So the AUC must lie two to three standard errors above chance, and the slope within two of them of 1,
    # widened to the same factor upwards and downwards. No significant loss to the logistic regression, as shipped.
    gates=Gates(min_auc=0.60, beats_logistic=True, calibration_slope=(0.5, 2.0), min_defaults=30),
    seed=20131130,
)

"""The 21 features that every engine computes, and the columns of the book that they need."""

from collections.abc import Mapping
from types import MappingProxyType

FEATURES = (
    "payback_90d_ratio",
    "payback_180d_ratio",
    "payback_365d_ratio",
    "delay_mean_90d_days",
    "delay_weighted_365d_days",
    "delay_worst_90d_days",
    "late_share_365d_ratio",
    "delay_trend_days",
    "delay_volatility_365d_days",
    "paying_days_365d_days",
    "partial_payment_share_365d_ratio",
    "since_payment_days",
    "orders_90d_count",
    "orders_365d_amount",
    "orders_trend_ratio",
    "since_order_days",
    "order_largest_share_365d_ratio",
    "credit_note_365d_ratio",
    "open_amount",
    "overdue_amount",
    "overdue_ratio",
)

COLUMNS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "customers": ("customer_id", "known_on"),
        "invoices": ("invoice_id", "customer_id", "issued_on", "due_on", "amount", "known_on"),
        "payments": ("payment_id", "invoice_id", "paid_on", "amount", "known_on"),
    }
)

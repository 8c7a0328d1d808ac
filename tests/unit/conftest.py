"""A score store on each database, and features of every kind."""

import pytest


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def store_url(request, tmp_path):
    """Return the URL of an empty score store on each database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'scores.db'}"
    return request.getfixturevalue("postgresql_url")


@pytest.fixture(scope="session")
def features_of_every_kind():
    """Return names: of the ledger, of what is open, peers, positions, links, events, statements, series."""
    return (
        "overdue_ratio",
        "overdue_oldest_days",
        "payback_365d_ratio",
        "delay_gap_days",
        "overdue_gap_ratio",
        "peers_defaulted_365d_ratio",
        "disputed_open_ratio",
        "open_to_order_ratio",
        "guarantees_given_count",
        "guarantees_to_orders_ratio",
        "neighbors_defaulted_365d_count",
        "litigation_365d_count",
        "industry_orders_level",
        "macro_pmi_surprise_12m",
    )

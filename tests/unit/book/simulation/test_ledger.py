"""What the ledger shows of a customer's life."""

import pandas as pd

DAY = pd.Timedelta(days=1)


def last_versions(invoices):
    return invoices.sort_values("known_on").drop_duplicates("invoice_id", keep="last").set_index("invoice_id")


def defaults(frames):
    return frames["events"].query("kind == 'default'").set_index("customer_id")["occurred_on"]


def test_no_payment_is_known_before_its_invoice(frames):
    known = frames["invoices"].groupby("invoice_id")["known_on"].min()
    assert (frames["payments"]["known_on"] >= frames["payments"]["invoice_id"].map(known)).all()


def test_no_invoice_is_paid_beyond_its_amount(frames):
    paid = frames["payments"].groupby("invoice_id")["amount"].sum()
    owed = last_versions(frames["invoices"])["amount"]
    assert (paid <= owed.reindex(paid.index)).all()


def test_some_payments_come_in_parts_and_some_are_posted_days_later(frames):
    payments = frames["payments"]
    assert 0.02 < payments["invoice_id"].duplicated().mean() < 0.2
    back_dated = (payments["known_on"] - payments["paid_on"]) > DAY
    assert 0.1 < back_dated.mean() < 0.3


def test_credit_notes_are_few_negative_and_never_paid(frames):
    invoices = last_versions(frames["invoices"])
    notes = invoices[invoices["amount"] < 0]
    assert 0.005 < len(notes) / len(invoices) < 0.02
    assert not frames["payments"]["invoice_id"].isin(notes.index).any()


def test_only_customers_in_default_reach_ninety_days_past_due(simulated, frames):
    invoices = last_versions(frames["invoices"]).query("amount > 0")
    paid = frames["payments"].groupby("invoice_id").agg(amount=("amount", "sum"), last=("paid_on", "max"))
    invoices = invoices.join(paid, rsuffix="_paid")
    full = invoices["amount_paid"] == invoices["amount"]
    until = invoices["last"].where(full, pd.Timestamp(simulated.portfolio.last_day))
    late = invoices[(until - invoices["due_on"]) / DAY >= 90]
    assert len(late) > 50
    assert late["customer_id"].isin(defaults(frames).index).all()


def test_a_default_shows_in_the_ledger_within_half_a_year(simulated, frames):
    failed = defaults(frames)
    old = failed[failed < pd.Timestamp(simulated.portfolio.last_day) - 182 * DAY]
    invoices = last_versions(frames["invoices"]).query("amount > 0")
    paid = frames["payments"].groupby("invoice_id")["amount"].sum()
    unpaid = invoices[invoices["amount"] > paid.reindex(invoices.index).fillna(0)]
    ninety = unpaid.groupby("customer_id")["due_on"].min() + 90 * DAY
    delay = (ninety.reindex(old.index) - old) / DAY
    assert len(delay) > 20
    assert (delay <= 183).all()
    assert (delay <= 123).mean() > 0.8


def test_nobody_orders_or_pays_after_default(frames):
    failed = defaults(frames)
    invoices = last_versions(frames["invoices"])
    assert not (invoices["issued_on"] > invoices["customer_id"].map(failed)).any()
    owner = frames["payments"]["invoice_id"].map(invoices["customer_id"])
    assert not (frames["payments"]["paid_on"] >= owner.map(failed)).any()


def test_nobody_orders_before_it_is_onboarded(frames):
    onboarded = frames["customers"].set_index("customer_id")["onboarded_on"]
    assert (frames["invoices"]["issued_on"] >= frames["invoices"]["customer_id"].map(onboarded)).all()


def test_some_customers_come_within_the_window(simulated, frames):
    later = frames["customers"]["onboarded_on"] >= pd.Timestamp(simulated.portfolio.first_month)
    assert 0.15 < later.mean() < 0.25


def test_a_granted_bulk_purchase_is_bought(frames):
    granted = frames["facilities"].query("purpose == 'bulk_purchase' and limit_amount == limit_amount")
    usual = frames["invoices"].groupby("customer_id")["amount"].median()
    largest = frames["invoices"].groupby("customer_id")["amount"].max()
    buyers = granted["customer_id"].unique()
    others = usual.index.difference(buyers)
    assert (largest / usual)[buyers].median() > 1.2 * (largest / usual)[others].median()

"""How long a day of decisions takes on a million customers: governed colours, alerts, freezes, limits, reserves.

    .venv/bin/python benchmarks/decisions.py [CUSTOMERS]

Two days follow each other; the second goes on from the first, as every day but the first does. The accounts are made
up: one open receivable and a half for each customer, one customer in six in a group, 4 % of receivables past due by
more than 30 days. Reading the accounts from the book is not part of it; see daily_run.py.
"""

import resource
import sys
from datetime import date, timedelta
from time import perf_counter, process_time

import numpy as np
import pandas as pd

from creditscore.accounts import Accounts
from creditscore.decisions import decide_day
from creditscore.policy import load_policy

FIRST = date(2024, 6, 29)
SEED = 7
LATE, NEARLY_PAID = 0.04, 0.2  # shares of the open receivables


def made_up_accounts(customers: pd.Series, rng: np.random.Generator) -> Accounts:
    count = len(customers)
    owners = customers.iloc[np.sort(rng.integers(0, count, count * 3 // 2))].reset_index(drop=True)
    bills = len(owners)
    past_due = np.where(rng.random(bills) < LATE, rng.integers(31, 200, bills), rng.integers(0, 20, bills))
    amount = rng.integers(1_000, 10_000_000, bills)
    elapsed = rng.random(bills) + (past_due > 0)
    receivables = pd.DataFrame(
        {
            "invoice_id": pd.Series([f"I{number:09d}" for number in range(bills)], dtype="str"),
            "customer_id": owners,
            "open_amount": amount,
            "days_past_due": past_due,
            "term_elapsed_ratio": elapsed,
            "paid_ratio": np.where(rng.random(bills) < NEARLY_PAID, 0.9, 0.0),
        }
    )
    grouped = rng.random(count) < 1 / 6
    group = pd.Series(np.where(grouped, rng.integers(0, count // 20, count), -1)).astype("str")
    heads = rng.integers(0, count, (2, count // 5))
    return Accounts(
        limits=pd.DataFrame(
            {
                "customer_id": customers,
                "limit_amount": pd.array(rng.integers(1_000_000, 50_000_000, count), dtype="Int64"),
                "term_days": pd.array(rng.choice([30, 60, 90], count), dtype="Int64"),
            }
        ),
        receivables=receivables,
        affiliations=pd.DataFrame(
            {
                "source_id": customers.iloc[heads[0]].to_numpy(object),
                "target_id": customers.iloc[heads[1]].to_numpy(object),
                "kind": rng.choice(["owns", "affiliated", "guarantees"], count // 5),
            }
        ).astype("str"),
        segments=pd.DataFrame(
            {
                "customer_id": customers,
                "industry_code": pd.Series(rng.choice(["C26", "E47", "F51", "I65"], count), dtype="str"),
                "region": pd.Series(rng.choice(["Anhui", "Beijing", "Hubei"], count), dtype="str"),
                "group_id": group.where(grouped),
            }
        ),
        histories=pd.DataFrame({"customer_id": customers, "cooperation_years": 2.0, "payback_ratio": 0.9}),
    )


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    rng, policy = np.random.default_rng(SEED), load_policy()
    customers = pd.Series([f"C{number:09d}" for number in range(count)], dtype="str")
    accounts = made_up_accounts(customers, rng)
    base = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    before, score = None, rng.uniform(0, 100, count)
    for step in range(2):
        today = pd.DataFrame(
            {
                "customer_id": customers,
                "score": np.clip(score + step * rng.normal(0, 3, count), 0, 100),
                "exposure_amount": pd.array(rng.integers(0, 40_000_000, count), dtype="Int64"),
                "in_default_flag": 0.0,
            }
        )
        begun, worked = perf_counter(), process_time()
        day = decide_day(policy, accounts, today, as_of=FIRST + timedelta(days=step), before=before)
        print(
            f"day {step + 1}: {count:,} customers, {len(accounts.receivables):,} receivables, "
            f"{perf_counter() - begun:.1f} s ({process_time() - worked:.1f} s of processor time), "
            f"{int(day.customers['frozen_by'].notna().sum()):,} frozen, {len(day.alerts):,} alerts"
        )
        before = day.standing
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"memory beyond the accounts: {(peak - base) / 2**20:.2f} GiB")


if __name__ == "__main__":
    main()

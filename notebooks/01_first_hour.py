# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # The first hour
#
# From a ledger to a trained, judged and explained model, on a small simulated portfolio whose true probabilities of
# default are known. Everything happens in a temporary folder; run the cells from top to bottom.
#
# To open this text file as a notebook, use Jupyter with [jupytext](https://jupytext.readthedocs.io), or VS Code, which
# reads the `# %%` marks by itself.

# %%
import tempfile
import warnings
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import ibis
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pyarrow.compute as pc

warnings.filterwarnings("ignore", message="IProgress not found")  # tqdm's hint about a widget that is not needed here

from creditscore import validation
from creditscore.book import TABLES, Book
from creditscore.book.simulation import Portfolio, simulate
from creditscore.domain import Reason, Workspace, month_ends
from creditscore.features import Receivables, catalogue, feature, feature_matrix, snapshot
from creditscore.models import MonotoneForest
from creditscore.outcomes import outcomes
from creditscore.policy import load_policy
from creditscore.scoring import Bundle, reason_texts, score_rows
from creditscore_training.pipeline import train
from creditscore_training.recipes.trade_credit import RECIPE

KEYS = ["customer_id", "as_of"]
RED, GREEN, BLUE, GREY = "#b3413a", "#3d8361", "#2f5d8a", "#9aa1a9"
plt.rcParams.update(
    {
        "figure.dpi": 100,
        "figure.constrained_layout.use": True,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.titlesize": 10,
        "axes.titlelocation": "left",
        "font.size": 9,
        "legend.frameon": False,
    }
)

# %% [markdown]
# ## 1. A portfolio
#
# 1,200 customers over 36 months. The truth is kept beside the book, never in it, so no feature can reach it. With a
# ledger of your own, run `creditscore ingest` and replace the second line by `book = Book.open(workspace.book)`.

# %%
workspace = Workspace(Path(tempfile.mkdtemp(prefix="creditscore-")))
book = simulate(Portfolio(customers=1_200, months=36, seed=7), book=workspace.book, truth=workspace.truth)
truth = pd.read_parquet(workspace.truth / "pd_12m.parquet").astype({"as_of": "datetime64[ms]"})
last_day = book.known_days()[1]
f"{book.currency} in minor units, known from {book.known_days()[0]} to {last_day}"

# %% [markdown]
# ## 2. The book
#
# Nine tables. Each row is a *version* of a fact. `known_on` is the day that version reached us, which is not the day
# on which it happened.

# %%
pd.DataFrame(
    [
        {
            "table": name,
            "versions": book.read(name).num_rows,
            "facts": book.read(name).group_by(list(contract.key)).aggregate([]).num_rows,
            "first known": pc.min(book.read(name)["known_on"]).as_py(),
            "last known": pc.max(book.read(name)["known_on"]).as_py(),
        }
        for name, contract in TABLES.items()
    ]
).set_index("table")

# %% [markdown]
# There are more versions than facts, because facts are corrected. This invoice was taken for undisputed until the
# customer complained:

# %%
versions = book.read("invoices").to_pandas().sort_values(["invoice_id", "known_on"])
complaints = versions[versions["disputed_flag"] & versions.duplicated("invoice_id")]
complaint = complaints[complaints["known_on"] >= date(2023, 9, 1)].sort_values("known_on").iloc[0]
versions.query("invoice_id == @complaint.invoice_id").set_index("invoice_id")

# %% [markdown]
# A feature sees what was known on its day: nothing of the dispute on the day before, all of it on the day itself.

# %%
told_on = complaint["known_on"]
seen = [snapshot(book, as_of=day) for day in (told_on - timedelta(days=1), told_on)]
pd.concat(seen).query("customer_id == @complaint.customer_id")[[*KEYS, "open_amount", "disputed_open_ratio"]]

# %% [markdown]
# ## 3. Features as of a day
#
# `snapshot` gives one row a customer. The catalogue says what each column is, in which unit, and in which direction it
# should move risk; the forest is held to that direction.

# %%
shipped = pd.DataFrame(
    [(one.name, one.family, one.unit, one.risk, one.reason.en) for one in catalogue()],
    columns=["feature", "family", "unit", "risk", "reason"],
).set_index("feature")
shipped.groupby("family", sort=False).sample(1, random_state=3)

# %%
day = date(2023, 12, 31)
rows = snapshot(book, as_of=day)
missing = rows[shipped.index].isna().mean()
pd.DataFrame(
    {
        "features": shipped.groupby("family", sort=False).size(),
        "share missing": missing.groupby(shipped["family"], sort=False).mean().round(3),
        "features ever missing": (missing > 0).groupby(shipped["family"], sort=False).sum(),
    }
)

# %% [markdown]
# Missing stays missing: a new customer has no payment history, and that is something a model may learn from.
#
# **The promise.** Nothing learned later changes a snapshot. To see it, we write a second book that holds only what was
# known on that day, and compare the snapshots bit by bit.

# %%
as_it_stood = Book.create(workspace.root / "as_it_stood", currency=book.currency)
as_it_stood = as_it_stood.write({name: book.read(name).filter(pc.field("known_on") <= day) for name in TABLES})
facts_later = sum(book.read(name).num_rows - as_it_stood.read(name).num_rows for name in TABLES)
pd.testing.assert_frame_equal(snapshot(as_it_stood, as_of=day), rows, check_exact=True)
f"{facts_later:,} versions became known after {day}; the snapshot of {day} is the same without them."

# %% [markdown]
# ## 4. Outcomes
#
# The default definition is a versioned object: here 90 days past due with 1,000.00 or more, or an event, within 12
# months. Where the 12 months have not ended there is no label, and none is made up.

# %%
RECIPE.definition

# %%
days = month_ends(date(2022, 3, 31), last_day)
customers = book.read("customers").to_pandas()[["customer_id", "known_on"]]
observed = customers.merge(pd.DataFrame({"as_of": days}), how="cross").query("known_on <= as_of")
labels = outcomes(book, observed, definition=RECIPE.definition)
kinds = np.select(
    [labels["default_flag"].isna(), labels["in_default_flag"], labels["default_flag"] == 1],
    ["immature", "in default already", "defaults within 12 months"],
    "no default within 12 months",
)
counts = pd.crosstab(labels["as_of"], kinds)

figure, axis = plt.subplots(figsize=(8, 3))
bottom = np.zeros(len(counts))
palette = {
    "no default within 12 months": GREEN,
    "defaults within 12 months": RED,
    "in default already": "#5b2522",
    "immature": "#d9dce0",
}
for kind, colour in palette.items():
    axis.bar(counts.index, counts[kind], width=24, bottom=bottom, color=colour, label=kind)
    bottom += counts[kind].to_numpy()
axis.set(title="Customers at each month end, by what became of them", ylabel="customers")
axis.legend(loc="upper center", bbox_to_anchor=(0.5, -0.12), ncols=4, columnspacing=1.2)
plt.show()

# %% [markdown]
# How do features and outcomes hang together? Customers of one day in fifths of a feature, with the share that defaulted
# and its 95 % interval. One day has few defaults, so the intervals are wide: a first look, not a finding.

# %%
known = rows.merge(labels, on=KEYS).query("default_flag.notna() and not in_default_flag")
looked_at = ("overdue_ratio", "delay_mean_365d_days", "leverage_ratio", "cooperation_years")
figure, axes = plt.subplots(1, 4, figsize=(10, 2.8), sharey=True)
for axis, name in zip(axes, looked_at, strict=True):
    fifth = pd.qcut(known[name].rank(method="first"), 5, labels=["lowest", "2", "3", "4", "highest"])
    fifth = fifth.cat.add_categories("missing").fillna("missing")
    found = known.groupby(fifth, observed=True)["default_flag"].agg(["size", "sum", "mean"])
    low, high = validation.jeffreys_interval(found["size"], found["sum"])
    axis.bar(found.index.astype(str), found["mean"], color=[*[BLUE] * 5, GREY][: len(found)])
    axis.errorbar(
        range(len(found)), found["mean"], [found["mean"] - low, high - found["mean"]], fmt="none", ecolor="k", lw=1
    )
    axis.set(title=name)
    axis.tick_params(axis="x", rotation=60)
    axis.yaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
axes[0].set_ylabel("defaults within 12 months")
plt.show()

# %% [markdown]
# ## 5. Train two candidates
#
# A feature is a function of one relation of the book; the decorator adds the words. This one is not in the catalogue.


# %%
@feature(
    family="behaviour",
    unit="ratio",
    risk="rises",
    reason=Reason("N01", en="Much of the open balance was paid in part only", zh="未结余额中仅部分付款的比例偏高"),
)
def partly_paid_ratio(receivables: Receivables) -> ibis.Value:
    """Share of the open balance on invoices that were paid in part; missing when nothing is open."""
    begun = receivables.open_flag & (receivables.paid_amount > 0)
    return begun.ifelse(receivables.open_amount, 0).sum() / receivables.open_amount.sum().nullif(0)


snapshot(book, as_of=day, features=(partly_paid_ratio,))["partly_paid_ratio"].describe().round(3)

# %% [markdown]
# Copy the shipped recipe and edit the copy. The first candidate sees the ledger only, the second everything. Both are
# recorded in MLflow, here in a SQLite file of the temporary workspace.

# %%
small_forest = MonotoneForest(trees=60, min_leaf=30, feature_share=0.15, threads=1)
ledger = tuple(one for one in catalogue() if one.family in {"behaviour", "exposure"})
recipes = {
    "ledger": replace(RECIPE, name="ledger", features=(*ledger, partly_paid_ratio), estimator=small_forest),
    "everything": replace(
        RECIPE, name="everything", features=(*catalogue(), partly_paid_ratio), estimator=small_forest
    ),
}
tracking_uri = f"sqlite:///{workspace.root / 'mlruns' / 'mlflow.db'}"
results = {name: train(recipe, workspace, tracking_uri=tracking_uri) for name, recipe in recipes.items()}
for result in results.values():
    print(result.summary)
print(f"Look at the record with: mlflow ui --backend-store-uri {tracking_uri}")

# %% [markdown]
# The periods follow each other in time, and each gate answers with a sentence. A model that fails a gate is recorded
# but does not become champion.

# %%
results["everything"].splits.set_index("split").T

# %%
for gate in results["everything"].gates:
    print("passed" if gate.passed else "REFUSED", gate.sentence)

# %% [markdown]
# ## 6. Compare
#
# Out of time, on the same rows, with the truth as the best that any model could reach but for luck. A customer observed
# on five month ends is not five customers, so the intervals are told whose row each is.

# %%
bundles = {name: Bundle.open(result.bundle_folder, features=(partly_paid_ratio,)) for name, result in results.items()}
test = bundles["everything"].evaluation().query("split == 'test'").reset_index(drop=True)
other = bundles["ledger"].evaluation().query("split == 'test'")[[*KEYS, "pd_12m"]]
test = test.merge(other.rename(columns={"pd_12m": "pd_ledger"}), on=KEYS, validate="1:1")
test = test.merge(truth.rename(columns={"pd_12m": "pd_true"}), on=KEYS, validate="1:1")

columns = {
    "the truth": "pd_true",
    "forest, everything": "pd_12m",
    "forest, ledger": "pd_ledger",
    "logistic regression": "pd_logistic",
    "best single feature": "pd_single",
}
compared = {}
for name, column in columns.items():
    area = validation.auc(test["default_flag"], test[column], customers=test["customer_id"])
    gain = validation.paired_delong(test["default_flag"], test["pd_12m"], test[column], customers=test["customer_id"])
    compared[name] = {
        "AUC": area.value,
        "low": area.low,
        "high": area.high,
        "everything is ahead by": gain.difference,
        "p (paired DeLong)": gain.p_value,
        "mean absolute error of the PD": (test[column] - test["pd_true"]).abs().mean(),
    }
pd.DataFrame(compared).T.round(4)

# %%
figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.8))
for (name, column), colour in zip(columns.items(), ["k", BLUE, "#7fa7cc", "#c98a2b", GREY], strict=True):
    curve = validation.roc_curve(test["default_flag"], test[column])
    left.plot(curve.x, curve.y, color=colour, lw=1.4, ls="--" if name == "the truth" else "-", label=name)
left.plot([0, 1], [0, 1], color=GREY, lw=0.6)
left.set(title="ROC, out of time", xlabel="false alarms", ylabel="defaults caught", aspect="equal")
left.legend(loc="lower right")

table = pd.DataFrame(validation.calibration_table(test["default_flag"], test["pd_12m"]))
mean, rate = table["mean_default_probability"], table["default_rate"]
right.errorbar(mean, rate, [rate - table["rate_low"], table["rate_high"] - rate], fmt="o", ms=4, color=BLUE, lw=1)
right.axline((0, 0), slope=1, color=GREY, lw=0.6)
right.set(title="Calibration of the forest, by tenths", xlabel="mean PD", ylabel="default rate", aspect="equal")
plt.show()

# %% [markdown]
# The truth tells what no real book can: how far the forest is off, customer by customer, by tenths of the true PD. A
# forest pulls toward the middle: too high for the safest, too low for the riskiest.

# %%
tenth = pd.qcut(test["pd_true"].rank(method="first"), 10, labels=range(1, 11)).rename("tenth of the true PD")
error = test["pd_12m"] - test["pd_true"]
by_tenth = test.assign(error=error, absolute_error=error.abs()).groupby(tenth, observed=True)
by_tenth[["pd_true", "pd_12m", "default_flag", "error", "absolute_error"]].mean().round(4)

# %% [markdown]
# ## 7. Score a day, and explain one customer
#
# `score_rows` is the one path from features to scores; the daily run and the endpoint use it too. The policy turns
# log odds into score, grade, colour and reserve.

# %%
bundle, policy = bundles["everything"], load_policy()
today = snapshot(book, as_of=last_day, features=bundle.features)
scores = score_rows(bundle, policy, today)
totals = scores.groupby("colour")[["exposure_amount", "reserve_amount"]].sum() // 100
totals.assign(
    customers=scores["colour"].value_counts(), mean_pd=scores.groupby("colour")["pd_12m"].mean().round(4)
).loc[["green", "yellow", "red"]]

# %%
chosen = scores.query("colour == 'red'").sort_values("reserve_amount").iloc[-1]
for reason in reason_texts(chosen[["reason_1", "reason_2", "reason_3"]], language="en", contract=bundle.contract):
    print("-", reason)
chosen

# %% [markdown]
# Behind the reasons are the contributions of each feature to the log odds of default: exact, and adding up to the
# distance of this customer from the forest's average.

# %%
units = {one.name: one.unit for one in bundle.features}


def written(name: str, value: float) -> str:
    """Write a feature's value for a person; amounts in whole units of the currency."""
    if np.isnan(value):
        return f"{name} is missing"
    return f"{name} = {value / 100:,.0f}" if units[name] == "amount" else f"{name} = {value:,.4g}"


row = today[today["customer_id"] == chosen["customer_id"]]
pushes = pd.Series(bundle.model.contributions(feature_matrix(row, bundle.features))[0], index=bundle.feature_names)
shown = pushes.reindex(pushes.abs().nlargest(10).index)[::-1]
figure, axis = plt.subplots(figsize=(8, 3.4))
axis.barh([written(name, row[name].iloc[0]) for name in shown.index], shown, color=np.where(shown > 0, RED, GREEN))
axis.axvline(0, color="k", lw=0.6)
axis.set(
    title=f"{chosen['customer_id']}: score {chosen['score']:.1f}, {chosen['colour']}",
    xlabel="push toward default, log odds",
)
plt.show()

# %% [markdown]
# The same over all customers says what the model looks at, and whether the new feature earns its place: one that ranks
# near the end can go.

# %%
looks_at = pd.Series(
    np.abs(bundle.model.contributions(feature_matrix(today, bundle.features))).mean(axis=0), index=bundle.feature_names
)
ranks = looks_at.rank(ascending=False).astype(int)
importances = pd.DataFrame({"mean absolute push": looks_at.round(4), "rank": ranks}).sort_values("rank")
pd.concat([importances.head(8), importances.loc[["partly_paid_ratio"]]])

# %% [markdown]
# What if the value that speaks most against this customer were another one? Where a feature declares a direction, the
# score moves one way only. This is what the model would say, not what would happen: in life other values would move
# too.

# %%
driver = pushes.idxmax()
grid = np.linspace(*today[driver].quantile([0.01, 0.99]), 61)
what_if = pd.concat([row] * len(grid), ignore_index=True).assign(**{driver: grid})
figure, axis = plt.subplots(figsize=(8, 2.8))
axis.plot(grid, score_rows(bundle, policy, what_if)["score"], color=BLUE)
axis.plot(row[driver], chosen["score"], "o", color=RED)
axis.axhspan(policy.colours.green, 100, color=GREEN, alpha=0.12, lw=0)
axis.axhspan(policy.colours.yellow, policy.colours.green, color="#e0b53c", alpha=0.15, lw=0)
axis.axhspan(0, policy.colours.yellow, color=RED, alpha=0.10, lw=0)
axis.set(title=f"The same customer with another {driver}", xlabel=f"{driver} ({units[driver]})", ylabel="score")
axis.set_ylim(chosen["score"] - 15, chosen["score"] + 30)
plt.show()

# %% [markdown]
# ## Where next
#
# * [A feature of your own](02_features.py): write it, study it, prove that it does not know the future, train with it.
# * [Features](../docs/features.md): the whole catalogue. [Own features](../docs/own_features.md): how to add one.
# * [Outcomes](../docs/outcomes.md): other definitions of default; when a label is known.
# * [Training](../docs/training.md): recipes, gates, and what the out-of-time test does not say.
# * [Scoring](../docs/scoring.md) and [Serving](../docs/serving.md): the daily run and the endpoint.
# * [Reports](../docs/reports.md): the same questions, answered for the risk team.
# * [Ingest](../docs/ingest.md): your own ledger instead of this one.

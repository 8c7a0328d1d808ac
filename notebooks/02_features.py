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
# # A feature of your own
#
# Write a feature in a cell, see it on the book for any day, look at the defaults along it, prove that it knows nothing
# it could not have known, and train with it. Everything happens in a temporary folder; run the cells from top to
# bottom. [The first hour](01_first_hour.py) shows the whole way from a ledger to a score.

# %%
import tempfile
import warnings
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Self

import ibis
import pandas as pd

warnings.filterwarnings("ignore", message="IProgress not found")  # tqdm's hint about a widget that is not needed here

from creditscore import validation
from creditscore.book.simulation import Portfolio, simulate
from creditscore.domain import Reason, Workspace, month_ends
from creditscore.features import Receivables, View, catalogue, feature, named, prove_no_leakage, snapshot
from creditscore.models import MonotoneForest
from creditscore.reporting import study
from creditscore.scoring import Bundle
from creditscore_training.pipeline import train
from creditscore_training.recipes.trade_credit import RECIPE

workspace = Workspace(Path(tempfile.mkdtemp(prefix="creditscore-")))
book = simulate(Portfolio(customers=800, months=36, seed=11), book=workspace.book, truth=workspace.truth)
day = date(2023, 12, 31)

# %% [markdown]
# ## 1. What a feature is
#
# A function from one relation of the book to one column, and the words that travel with it. A relation holds what each
# observed customer's facts were, as known on its day.

# %%
overdue = named("overdue_ratio")
overdue

# %%
for relation in sorted({one.relation for one in catalogue()}, key=lambda one: one.__name__):
    print(f"{relation.__name__:20} {relation.__doc__.splitlines()[0]}")

# %% [markdown]
# ## 2. Write two
#
# First idea: what counts is the usual delay, which one bad month does not move. Second idea: what counts is the change.
# Who is always ten days late and is so now tells us nothing new; who always paid on time and now is ten days late does.
#
# The docstring says what the column holds and when it is missing; `risk` says which way an analyst would sign, and the
# forest will be held to it; the reason is what a person will read.


# %%
@feature(
    family="behaviour",
    unit="days",
    risk="rises",
    reason=Reason("N01", en="The customer usually pays late", zh="客户通常逾期付款"),
)
def usual_delay_days(receivables: Receivables) -> ibis.Value:
    """Median days from due day to full payment of the invoices settled in the last 365 days; missing without any."""
    return receivables.delay_days.median(where=receivables.settled_within(365))


@feature(
    family="behaviour",
    unit="days",
    risk="rises",
    reason=Reason(
        "N02", en="Invoices are open for longer than is this customer's habit", zh="未付时间超出客户的付款习惯"
    ),
)
def beyond_habit_days(receivables: Receivables) -> ibis.Value:
    """Days past due of the oldest open invoice less the mean delay of settled ones; missing when none is settled."""
    return receivables.days_past_due.max() - receivables.delay_days.mean()


print(usual_delay_days.explain())

# %%
snapshot(book, as_of=day, features=[usual_delay_days, beyond_habit_days, overdue]).sample(5, random_state=1)

# %% [markdown]
# ## 3. Look at them
#
# `study` computes a feature on any day, or on several, and, given a definition of default, the default rate along it.
# One day has few defaults, so we take month ends whose outcome windows have ended. It shows itself.

# %%
days = month_ends(date(2023, 6, 30), day)
habit = study(usual_delay_days, book, as_of=days, definition=RECIPE.definition)
habit

# %% [markdown]
# The numbers are there to go on with: `.values` by customer and day, `.summary`, `.rates`, `.area` (the AUC),
# `.agreement`. The second idea beside it, and two features that are shipped:

# %%
others = [beyond_habit_days, overdue, named("delay_mean_365d_days")]
studies = [habit, *(study(one, book, as_of=days, definition=RECIPE.definition) for one in others)]
pd.DataFrame(
    [
        {
            "feature": one.feature.name,
            "AUC, as declared": one.area.value,
            "low": one.area.low,
            "high": one.area.high,
            "missing": one.missing_share,
            "moves as declared": str(one.agreement),
        }
        for one in studies
    ]
).set_index("feature").round(3)

# %% [markdown]
# The second idea is refused: here risk falls with it, surely. What is subtracted, the habit, says more than what it is
# subtracted from. A forest that was told "rises" would have found no use for it, and nobody would have known why.

# %%
studies[1].plot()

# %% [markdown]
# ## 4. Prove that it does not know the future
#
# The audit alters all that the book learned after a day, and the feature must not move by a bit. To see that it can
# fail, here is the mistake that everybody makes once: the payments are read from the table, and chosen by the day on
# which they were made. A payment that was made on the 28th and posted on the 3rd was not known on the 31st.


# %%
class PaidReceivables(Receivables):
    """Receivables with the payments made by each day, whether or not they were posted by then."""

    @classmethod
    def build(cls, view: View) -> Self:
        """Join all payments made by the day."""
        made = view.facts.relations.table("payments").select("invoice_id", "paid_on", money="amount")
        joined = Receivables.build(view).table.left_join(made, "invoice_id")
        return cls(joined.filter(joined.paid_on <= joined.as_of))


@feature(family="behaviour", unit="amount", risk="falls", reason=Reason("N03", en="Little was paid", zh="付款较少"))
def ever_paid_amount(receivables: PaidReceivables) -> ibis.Value:
    """Sum of all payments made."""
    return receivables.table.money.sum()


proof = prove_no_leakage(book, as_of=day, features=[usual_delay_days, ever_paid_amount], customers=100)
proof

# %% [markdown]
# It names the feature, where it moves, and the table that moves it. The other stays where it is, and would have moved
# had the same facts been learned in time. In a test of your own, `proof.demand()` raises if anything moves; on the
# command line it is `creditscore audit leakage --as-of DAY --features FILE`.

# %%
proof.frame()

# %% [markdown]
# ## 5. Train with it
#
# A recipe is frozen; `with_features` returns a copy with more. To see what the new feature adds, we train one without
# it too, both on what the ledger tells of behaviour and with a small forest, to be quick.

# %%
behaviour = tuple(one for one in catalogue() if one.family == "behaviour")
small = MonotoneForest(trees=40, min_leaf=30, feature_share=0.2, threads=1)
without = replace(RECIPE, name="without", features=behaviour, estimator=small)
recipes = (without, replace(without.with_features(usual_delay_days), name="with_habit"))
tracking_uri = f"sqlite:///{workspace.root / 'mlruns' / 'mlflow.db'}"
results = {one.name: train(one, workspace, tracking_uri=tracking_uri) for one in recipes}
told = ["auc_test", "auc_test_low", "auc_test_high", "auc_test_logistic"]
pd.DataFrame({name: {key: one.metrics[key] for key in told} for name, one in results.items()}).T.round(3)

# %% [markdown]
# Does it help? Both models judge the same rows, out of time, so their difference can be tested. A customer is observed
# on several month ends, and the test is told so. Most new features do not pass; that is what the test is for.

# %%
bundles = {name: Bundle.open(one.bundle_folder, features=[usual_delay_days]) for name, one in results.items()}
keys = ["customer_id", "as_of"]
test = bundles["with_habit"].evaluation().query("split == 'test'")
test = test.merge(bundles["without"].evaluation()[[*keys, "pd_12m"]], on=keys, suffixes=("", "_without"))
gain = validation.paired_delong(
    test["default_flag"], test["pd_12m"], test["pd_12m_without"], customers=test["customer_id"]
)
f"AUC {gain.difference:+.4f} with the new feature, p = {gain.p_value:.2f}"

# %% [markdown]
# And what the forest makes of it, among the features that it had already:

# %%
pushes = pd.Series(bundles["with_habit"].importances, name="mean absolute push, log odds").sort_values()[::-1]
print(f"usual_delay_days is number {pushes.index.get_loc('usual_delay_days') + 1} of {len(pushes)}.")
pushes.head(8).round(4).to_frame()

# %% [markdown]
# ## Where next
#
# * Put the feature into a file, and `creditscore train`, `creditscore score --features FILE` and
#   `creditscore audit leakage --features FILE` know it: [Own features](../docs/own_features.md).
# * [Point in time](../docs/point_in_time.md): versions, late postings, corrections, and what the audit does not prove.
# * [Features](../docs/features.md): the catalogue.
# * [Training](../docs/training.md): recipes, gates, and what the out-of-time test does not say.

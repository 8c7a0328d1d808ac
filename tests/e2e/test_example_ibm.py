"""The example on the IBM receivables: the page's commands, run on the raw files, give the page's figures."""

import html
import os
import re
import shlex
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from creditscore.book import Book, ingest, load_mapping
from creditscore.domain import Workspace
from creditscore.features import named, snapshot
from creditscore.outcomes import outcomes
from creditscore.scoring import Bundle, ScoreStore, open_champion, read_scores
from creditscore_training.loading import load_recipe
from creditscore_training.panel import build_panel

pytestmark = pytest.mark.slow

PROJECT = Path(__file__).parents[2]
EXAMPLE = PROJECT / "examples" / "ibm_receivables"
LEDGER = "ibm_late_payment/WA_Fn-UseC_-Accounts-Receivable.csv"
VINTAGES = ("macro_us/FRED-MD_vintage_2019-12.csv", "macro_us/FRED-MD_current.csv")
TRAINED_ON = date(2013, 11, 30)
DECEMBER = [date(2013, 12, day) for day in range(1, 32)]
TOLERANCE = 0.002
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
MODELS = {"forest": "", "logistic regression": "_logistic", "best single feature": "_single"}


@pytest.fixture(scope="module")
def page():
    return (EXAMPLE / "README.md").read_text("utf-8")


@pytest.fixture(scope="module")
def ran(page, data, tmp_path_factory):
    """Run the page's commands beside the raw files, and keep what each said and how it ended."""
    root = tmp_path_factory.mktemp("newcomer")
    place = root / "creditscore"
    place.mkdir()
    (place / "examples").symlink_to(PROJECT / "examples")
    (root / "shared").mkdir()
    (root / "shared" / "data").symlink_to(data)
    ours = ("MLFLOW_", "CREDITSCORE_")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    environment |= {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}", "COLUMNS": "400"}
    said = {}
    for line in re.search(r"```console\n(.*?)```", page, re.DOTALL)[1].splitlines():
        done = subprocess.run(
            shlex.split(line, comments=True), cwd=place, env=environment, capture_output=True, text=True, check=False
        )
        expected = re.search(r"# exit code (\d)", line)
        assert done.returncode == int(expected[1] if expected else 0), f"{line}\n{done.stdout}{done.stderr}"
        said[line] = done.stdout
    return place, said


@pytest.fixture(scope="module")
def workspace(ran):
    return Workspace(ran[0] / "ibm")


@pytest.fixture(scope="module")
def bundle(workspace):
    return open_champion(workspace)


@pytest.fixture(scope="module")
def book(workspace):
    return Book.open(workspace.book)


@pytest.fixture(scope="module")
def ledger(data):
    days = ["InvoiceDate", "DueDate", "SettledDate"]
    return pd.read_csv(data / LEDGER, parse_dates=days, date_format="%m/%d/%Y")


@pytest.fixture(scope="module")
def recipe():
    return replace(load_recipe(str(EXAMPLE / "recipe.py")), observed_until=TRAINED_ON)


@pytest.fixture(scope="module")
def panel(book, recipe):
    return build_panel(book, recipe)


def table(page, *, after):
    """Return a table of the page as a dict of dicts of texts, by row and column, the first under a heading."""
    lines = page.split(f"## {after}\n", 1)[1].splitlines()
    rows = []
    for line in lines:
        if line.startswith("|"):
            rows.append([cell.strip() for cell in line.strip("|").split("|")])
        elif rows:
            break
    heading, _, *body = rows
    return {row[0]: dict(zip(heading[1:], row[1:], strict=True)) for row in body}


def numbers(cell):
    return [float(number.replace(",", "")) for number in NUMBER.findall(cell)]


def counts(rows):
    return {name: {column: numbers(cell)[0] for column, cell in row.items()} for name, row in rows.items()}


def test_the_page_tells_what_the_ledger_gives(page, book, panel, workspace):
    stated = {name: row["count"] for name, row in counts(table(page, after="What the ledger gives")).items()}
    attrition = panel.attrition
    assert stated == {
        "customers": book.read("customers")["customer_id"].to_pandas().nunique(),
        "invoices": book.read("invoices")["invoice_id"].to_pandas().nunique(),
        "payments": book.read("payments").num_rows,
        "rows in quarantine": len(list(workspace.quarantine.glob("*.parquet"))),
        "observations to 2013-11-30": attrition.observed_count,
        "their window had not ended": attrition.immature_count,
        "already in default": attrition.in_default_count,
        "left to learn from and to test on": attrition.kept_count,
    }


def test_the_page_tells_how_large_the_three_periods_are(page, bundle):
    frame = bundle.evaluation()
    defaulted = frame[frame["default_flag"] == 1].groupby("split")["customer_id"].nunique()
    found = frame.groupby("split").agg(
        days=("as_of", "nunique"),
        customers=("customer_id", "nunique"),
        observations=("default_flag", "size"),
        defaults=("default_flag", "sum"),
    )
    stated = counts(table(page, after="Development, calibration, test"))
    for name, row in stated.items():
        own = found.loc[name]
        assert row["month ends"] == own["days"]
        assert row["customers"] == own["customers"]
        assert row["observations"] == own["observations"]
        assert row["defaults"] == own["defaults"]
        assert row["of so many customers"] == defaulted[name]
    assert list(stated) == ["development", "calibration", "test"]


@pytest.mark.parametrize(
    ("row", "metric"),
    [
        ("AUC", "auc"),
        ("Gini", "gini"),
        ("KS", "ks"),
        ("Brier score", "brier"),
        ("calibration slope", "calibration_slope"),
    ],
)
@pytest.mark.parametrize("model", MODELS)
def test_the_page_tells_how_well_each_model_does_out_of_time(page, bundle, row, metric, model):
    name = f"{metric}_test{MODELS[model]}"
    found = [bundle.metrics[name], bundle.metrics[f"{name}_low"], bundle.metrics[f"{name}_high"]]
    tolerance = TOLERANCE if metric != "calibration_slope" else 0.02
    assert numbers(table(page, after="Out of time")[row][model]) == pytest.approx(found, abs=tolerance)


def test_the_page_tells_the_mean_probability_against_the_default_rate(page, bundle):
    test = bundle.evaluation().query("split == 'test'")
    row = table(page, after="Out of time")["mean PD"]
    found = {"forest": "pd_3m", "logistic regression": "pd_logistic", "best single feature": "pd_single"}
    for model, column in found.items():
        assert numbers(row[model]) == pytest.approx([test[column].mean()], abs=TOLERANCE)
    stated = re.search(r"default rate of the test is (\d\.\d+)", page)[1]
    assert float(stated) == pytest.approx(test["default_flag"].mean(), abs=TOLERANCE)


def test_the_page_tells_colours_exposure_and_reserve_of_december(page, workspace):
    for day, row in counts(table(page, after="December 2013")).items():
        scores = read_scores(workspace, as_of=date.fromisoformat(day))
        found = {colour: (scores["colour"] == colour).sum() for colour in ("green", "yellow", "red")}
        assert {colour: row[colour] for colour in found} == found
        assert row["owe something"] == (scores["exposure_amount"] > 0).sum()
        assert row["exposure, USD"] == scores["exposure_amount"].sum() / 100
        assert row["reserve, USD"] == scores["reserve_amount"].sum() / 100


def test_what_the_page_quotes_is_what_commands_and_reports_say(page, ran, workspace):
    reports = [html.unescape((workspace.reports / name).read_text("utf-8")) for name in ("accuracy.html", "drift.html")]
    said = " ".join(" ".join([*ran[1].values(), *reports]).split())
    quotes = [line.strip().removeprefix("> ") for line in page.splitlines() if line.strip().startswith("> ")]
    assert len(quotes) == 6
    assert [quote for quote in quotes if quote not in said] == []


def test_what_the_page_says_in_words_is_so(page, bundle, panel, ledger, workspace):
    """The figures between the tables."""
    words = " ".join(page.split())
    late = ledger.groupby("Disputed")["DaysLate"].mean()
    assert f"paid {late['Yes']:.1f} days late on average, others {late['No']:.1f}" in words
    small = (ledger["InvoiceAmount"] < 20).sum()
    assert f"{small} of the 2,466 invoices are smaller than 20" in words
    assert ledger["InvoiceAmount"].median() > 60

    defaults = panel.frame.groupby("customer_id")["default_flag"].sum().sort_values(ascending=False)
    assert f"{(defaults == 0).sum()} of the 100 never defaulted in {panel.frame['as_of'].nunique()} month ends" in words
    assert f"the worst 20 make up {defaults.head(20).sum() / defaults.sum():.0%}".replace("%", " %") in words

    strangers = bundle.evaluation().query("unseen_flag")
    rows, found = len(strangers), strangers["default_flag"].sum()
    assert f"AUC is {bundle.metrics['auc_test_unseen']:.3f}, from {rows} rows with {found:.0f} defaults of one" in words
    assert len(set(strangers.loc[strangers["default_flag"] == 1, "customer_id"])) == 1

    last = read_scores(workspace, as_of=DECEMBER[-1])
    dear = last[["reason_1", "reason_2", "reason_3"]].eq("Z03").any(axis=1).sum()
    assert f"among the reasons of {dear} customers on 2013-12-31" in words


def test_every_day_of_december_is_scored_by_the_champion(workspace, bundle):
    with ScoreStore(workspace.store_url) as store:
        runs = {run.as_of: run for run in store.runs()}
    assert sorted(runs) == DECEMBER
    assert {run.bundle_hash for run in runs.values()} == {bundle.hash}
    assert {run.customer_count for run in runs.values()} == {100}


def test_the_refused_model_is_the_one_on_trial_to_the_last_bit(workspace, bundle):
    (refused,) = [path for path in workspace.bundles.iterdir() if path.is_dir() and path != bundle.folder]
    # What the gates said is part of a bundle, and is all in which these two differ.
    assert {**Bundle.open(refused).manifest, "gates": ()} == {**bundle.manifest, "gates": ()}


def test_no_outcome_of_a_december_score_is_known(workspace, book, bundle):
    scores = pd.concat([read_scores(workspace, as_of=day) for day in DECEMBER])
    labels = outcomes(book, scores[["customer_id", "as_of"]], definition=bundle.definition)
    assert len(labels) == 3100
    assert labels["default_flag"].isna().all()


@pytest.mark.parametrize("day", [date(2012, 8, 31), date(2013, 8, 31), date(2013, 12, 1)])
def test_an_invoice_is_open_until_the_day_on_which_it_is_settled(book, ledger, day):
    counted = snapshot(book, as_of=day, features=[named("open_count"), named("overdue_count")])
    now = pd.Timestamp(day)
    still_open = ledger[(ledger["InvoiceDate"] <= now) & (ledger["SettledDate"] > now)]
    assert counted["open_count"].sum() == len(still_open) > 0
    assert counted["overdue_count"].sum() == (still_open["DueDate"] < now).sum()


def test_a_dispute_is_known_after_the_settlement_and_not_before(book):
    versions = (
        book.read("invoices")
        .to_pandas()
        .merge(book.read("payments").to_pandas()[["invoice_id", "paid_on"]], on="invoice_id")
    )
    known = pd.to_datetime(versions["known_on"]) > pd.to_datetime(versions["paid_on"])
    assert versions.loc[~known, "disputed_flag"].isna().all()
    assert versions.loc[known, "disputed_flag"].notna().all()
    assert versions["disputed_flag"].sum() == 561


def test_2013_sees_the_vintage_of_2019_and_never_that_of_2025(book, data, recipe):
    chosen = [one for one in recipe.features if one.name == "macro_indpro_growth_12m"]
    seen = snapshot(book, as_of=DECEMBER[-1], features=chosen)["macro_indpro_growth_12m"].unique()
    older, newer = (industrial_growth(data / vintage) for vintage in VINTAGES)
    assert seen == pytest.approx([older], abs=1e-12)
    assert abs(older - newer) > 1e-4


def industrial_growth(vintage):
    """Growth over the year to November 2013, the last month known on the last day of that December."""
    production = pd.read_csv(vintage, skiprows=[1], index_col="sasdate")["INDPRO"]
    return production["11/1/2013"] / production["11/1/2012"] - 1


def test_what_came_after_the_training_day_changes_nothing_that_the_model_learns(panel, data, ledger, recipe, tmp_path):
    """The ledger as it stood on the training day: later invoices are not there, later settlements are blank."""
    raw = pd.read_csv(data / LEDGER, dtype=str, keep_default_na=False)
    cut = pd.Timestamp(TRAINED_ON)
    raw.loc[ledger["SettledDate"] > cut, "SettledDate"] = ""
    source = tmp_path / "source"
    for name in (LEDGER, *VINTAGES):
        (source / name).parent.mkdir(parents=True, exist_ok=True)
    raw[ledger["InvoiceDate"] <= cut].to_csv(source / LEDGER, index=False)
    for name in VINTAGES:
        text = (data / name).read_text("utf-8").splitlines(keepends=True)
        known = [line for line in text if not re.match(r"1[12]/1/2013|\d+/1/201[4-9]|\d+/1/202", line)]
        (source / name).write_text("".join(known), "utf-8")
    place = Workspace(tmp_path / "then")
    mapping = load_mapping(EXAMPLE / "mapping.yaml")
    ingest(str(source), mapping, book=place.book, quarantine=place.quarantine, received_on=TRAINED_ON)
    then = build_panel(Book.open(place.book), recipe)
    assert len(raw) > (ledger["InvoiceDate"] <= cut).sum()
    pd.testing.assert_frame_equal(then.frame, panel.frame, check_exact=True)

"""The example on SBA 504 loans: its page's commands, run word for word on the raw files, give its page's figures."""

import html
import json
import os
import re
import shlex
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from creditscore.book import Book, ingest, load_mapping
from creditscore.features import observe, snapshot_hash
from creditscore.validation import paired_delong
from creditscore_training.loading import load_recipe
from creditscore_training.panel import build_panel

pytestmark = pytest.mark.slow

PROJECT = Path(__file__).parents[2]
EXAMPLE = PROJECT / "examples" / "sba_504"
LOANS = "sba504/sba504_all.parquet"
VINTAGE, LATER_VINTAGE = "macro_us/FRED-MD_vintage_2019-12.csv", "macro_us/FRED-MD_current.csv"
RETURNS = "industry/FF_49_Industry_Portfolios.CSV"
KNOWN_AFTER_APPROVAL = ["LoanStatus", "ChargeOffDate", "GrossChargeOffAmount"]
LAST_KNOWN = date(2003, 12, 31)  # the end of development
TOLERANCE = 0.002
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
MODELS = ("test", "test_logistic", "test_single")
PROBABILITIES = ("pd_60m", "pd_logistic", "pd_single")


@pytest.fixture(scope="module")
def page():
    return (EXAMPLE / "README.md").read_text("utf-8")


@pytest.fixture(scope="module")
def ran(page, data, tmp_path_factory):
    """Run the page's commands beside the raw files, and keep where they ran and what they said."""
    root = tmp_path_factory.mktemp("newcomer")
    place = root / "creditscore"
    place.mkdir()
    (place / "examples").symlink_to(PROJECT / "examples")
    (root / "shared").mkdir()
    (root / "shared" / "data").symlink_to(data)
    ours = ("MLFLOW_", "CREDITSCORE_")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    environment |= {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}", "COLUMNS": "400"}
    said = []
    for line in re.search(r"```console\n(.*?)```", page, re.DOTALL)[1].splitlines():
        done = subprocess.run(
            shlex.split(line, comments=True), cwd=place, env=environment, capture_output=True, text=True, check=False
        )
        expected = re.search(r"# exit code (\d)", line)
        assert done.returncode == int(expected[1] if expected else 0), f"{line}\n{done.stdout}{done.stderr}"
        said.append(done.stdout)
    return place / "sba", said


@pytest.fixture(scope="module")
def bundle(ran):
    (folder,) = (ran[0] / "bundles").glob("sba_504-*")
    return folder


@pytest.fixture(scope="module")
def metrics(bundle):
    return json.loads((bundle / "manifest.json").read_text("utf-8"))["metrics"]


@pytest.fixture(scope="module")
def evaluation(bundle):
    return pd.read_parquet(bundle / "evaluation.parquet")


@pytest.fixture(scope="module")
def loans(data):
    raw = pd.read_parquet(data / LOANS)
    approved, charged_off = pd.to_datetime(raw["ApprovalDate"]), pd.to_datetime(raw["ChargeOffDate"])
    return raw.assign(
        customer_id="B" + raw["orig_row"].astype(str),
        approved=approved,
        charged_off=charged_off,
        flag=(charged_off <= approved + pd.DateOffset(months=60)).astype(float),
    )


def rows_below(page, header):
    """Return the rows of the page's table whose header line holds a text, as lists of cells."""
    lines = page[page.index(header) :].split("\n\n", 1)[0].splitlines()
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def numbers(text):
    return [float(number.replace(",", "")) for number in NUMBER.findall(text)]


def test_nothing_is_quarantined_and_the_gates_refuse(ran, metrics):
    place, (ingested, trained) = ran
    assert re.search(r"^events +8,982 ", ingested, re.MULTILINE)
    assert "breaks the rule" not in ingested
    assert "REFUSED  The AUC out of time" in trained
    assert "REFUSED  The PSI of the score" in trained
    assert not (place / "bundles" / "champion.json").exists()
    assert metrics["auc_test"] < 0.70
    assert metrics["score_psi_test"] > 0.25


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
def test_the_page_states_every_metric_of_the_three_models_with_its_interval(page, metrics, row, metric):
    (stated,) = [cells[1:] for cells in rows_below(page, "| out of time, 2005") if cells[0] == row]
    found = [[metrics[f"{metric}_{model}{bound}"] for bound in ("", "_low", "_high")] for model in MODELS]
    assert [numbers(cell) for cell in stated] == [pytest.approx(values, abs=TOLERANCE) for values in found]


def test_the_page_states_mean_probabilities_and_comparisons(page, evaluation):
    test = evaluation[evaluation["split"] == "test"]
    (stated,) = [cells[1:] for cells in rows_below(page, "| out of time, 2005") if cells[0] == "mean PD"]
    assert [float(cell) for cell in stated] == pytest.approx(test[list(PROBABILITIES)].mean().tolist(), abs=TOLERANCE)
    forest, logistic, single = (test[column] for column in PROBABILITIES)
    beaten = paired_delong(test["default_flag"], forest, single)
    level = paired_delong(test["default_flag"], forest, logistic)
    assert f"p = {beaten.p_value:.3f}) and not" in page
    assert level.p_value == pytest.approx(float(re.search(r"\(p = (0\.\d+)\)", page)[1]), abs=0.02)


def test_the_page_shows_how_to_look_at_the_refused_bundle(ran, page):
    program = re.search(r"```python\n(.*?)```", page, re.DOTALL)[1]
    subprocess.run([sys.executable, "-c", program], cwd=ran[0].parent, check=True)
    report = " ".join(html.unescape((ran[0] / "reports" / "accuracy.html").read_text("utf-8")).split())
    assert re.search(r"default rates: (.*?)\)", page, re.IGNORECASE)[1] in report
    assert re.search(r"\d of \d grades understate risk", page)[0] in report


def test_the_page_states_the_periods(page, evaluation):
    for split, days, *counts in rows_below(page, "| | approved | loans"):
        rows = evaluation[evaluation["split"] == split]
        assert days == f"{rows['as_of'].min():%Y-%m-%d} to {rows['as_of'].max():%Y-%m-%d}"
        loans, defaults, percent = (numbers(cell)[0] for cell in counts)
        assert (loans, defaults) == (len(rows), rows["default_flag"].sum())
        assert percent == pytest.approx(100 * rows["default_flag"].mean(), abs=0.06)


def test_the_page_states_who_was_left_out(ran, page):
    attrition = build_panel(Book.open(ran[0] / "book"), load_recipe(str(EXAMPLE / "recipe.py"))).attrition
    observed, immature = re.search(r"Of ([\d,]+) loans approved to 2010, the ([\d,]+)", page).groups()
    assert (numbers(observed), numbers(immature)) == ([attrition.observed_count], [attrition.immature_count])
    assert attrition.in_default_count == 0


def test_labels_are_those_of_the_raw_file(evaluation, loans):
    both = evaluation.merge(loans, on="customer_id", validate="one_to_one")
    assert (both["as_of"] == both["approved"]).all()
    assert (both["default_flag"] == both["flag"]).all()
    assert len(both) == loans["approved"].between("1990-01-01", "2005-12-31").sum()


def test_the_page_states_that_sectors_were_given_after_approval(page, loans):
    for years, *cells in rows_below(page, "| approved | without a sector"):
        first, last = (f"{year}"[:4] for year in (years[:4], years[-4:]))
        era = loans[loans["approved"].between(f"{first}-01-01", f"{last}-12-31")]
        for known, (count, percent) in zip([False, True], [cells[:2], cells[2:]], strict=True):
            of_these = era[era["NaicsCode"].notna() == known]
            assert numbers(count) == [len(of_these)]
            assert numbers(percent)[0] == pytest.approx(100 * of_these["flag"].mean(), abs=0.06)
    known = loans["approved"].between("2000-10-01", "2003-12-31").sum()
    assert f"development knows it of {known:,} of its 41,000 loans" in " ".join(page.split())


def test_the_page_states_what_the_terms_look_like(page, loans):
    odd = loans[~loans["TermInMonths"].isin([120, 240])]
    failed = odd[(odd["TermInMonths"] < 120) & odd["charged_off"].notna()]
    months = (failed["charged_off"] - failed["approved"]).dt.days / 30.4375
    assert f"({len(odd)} loans; none in the test)" in page
    assert not (odd["approved"].dt.year == 2005).any()
    stated = f"The {len(failed)} loans with a term below 120 months that were charged off failed {months.min():.0f} to"
    assert f"{stated} {months.max():.0f} months" in " ".join(page.split())
    assert (months > failed["TermInMonths"]).all()
    development = loans[loans["approved"].dt.year <= 2003]
    apart = development.groupby(~development["TermInMonths"].isin([120, 240]))["flag"].agg(["mean", "sum"])
    rates = f"{apart['mean'][True]:.1%} of the odd terms and {apart['mean'][False]:.1%}".replace("%", " %")
    counts = f"{apart['sum'][True]:.0f} and {apart['sum'][False]:.0f} loans"
    assert f"In development {rates} of the others were charged off, {counts}." in " ".join(page.split())


def test_the_page_states_since_when_third_party_dollars_are_recorded(page, loans):
    recorded = loans["ThirdPartyDollars"] > 0
    year = loans["approved"].dt.year
    before = (recorded & (loans["approved"] < "2002-10-01")).sum()
    learnable = (recorded & (year <= 2003)).sum()
    stated = f"{before} loans have it before, {learnable:,} of {(year <= 2003).sum():,} in development, "
    assert f"{stated}{100 * recorded[year == 2005].mean():.1f} % in the test" in " ".join(page.split())


def test_the_page_states_how_selection_inflates_a_vintage(page, loans):
    inflated = loans.loc[loans["approved"].dt.year == 2008, "flag"].mean()
    assert f"of the loans of 2008 in the file {100 * inflated:.0f} % were charged off" in " ".join(page.split())


def test_what_became_known_after_approval_moves_no_feature(ran, data, tmp_path):
    book = Book.open(ran[0] / "book")
    otherwise = another_future(data, tmp_path)
    features = load_recipe(str(EXAMPLE / "recipe.py")).features
    facilities = book.read("facilities").to_pandas()[["customer_id", "known_on"]].rename(columns={"known_on": "as_of"})
    approved = pd.to_datetime(facilities["as_of"]).dt.date
    known = facilities[approved <= LAST_KNOWN]
    assert snapshot_hash(observe(book, known, features=features)) == snapshot_hash(
        observe(otherwise, known, features=features)
    )
    later = facilities[(approved > LAST_KNOWN) & (approved <= date(2005, 12, 31))]
    assert snapshot_hash(observe(book, later, features=features)) != snapshot_hash(
        observe(otherwise, later, features=features)
    )


def another_future(data, folder):
    """Ingest the raw files with other fates of all loans, no unread column, and other later months."""
    mapping = load_mapping(EXAMPLE / "mapping.yaml")
    used = {
        column for feeds in mapping.tables.values() for feed in feeds if feed.source == "loans" for column in feed.uses
    }
    loans = pd.read_parquet(data / LOANS)[sorted(used)]
    fates = [column for column in KNOWN_AFTER_APPROVAL if column in used]
    loans[fates] = loans[fates].to_numpy()[np.random.default_rng(1).permutation(len(loans))]
    for name in (LOANS, VINTAGE, RETURNS):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
    loans.to_parquet(folder / LOANS)
    # A month is known thirty days after its end, so December 2003 and what follows was not known in 2003.
    rewrite(data, folder, VINTAGE, day_format="%m/%d/%Y", since=date(2003, 12, 1))
    rewrite(data, folder, RETURNS, day_format="%Y%m", since=date(2003, 12, 1))
    rewrite(data, folder, LATER_VINTAGE, day_format="%m/%d/%Y", since=date(1985, 1, 1))
    ingest(folder, mapping, book=folder / "book", quarantine=folder / "quarantine", received_on=date(2026, 1, 1))
    return Book.open(folder / "book")


def rewrite(data, folder, name, *, day_format, since):
    """Copy a file with months in rows, and put another figure into every cell from a month on."""
    header, *rows = (data / name).read_text("utf-8").splitlines()
    changed = [otherwise(row) if day_of(row, day_format) >= since else row for row in rows]
    assert changed != rows
    (folder / name).write_text("\n".join([header, *changed]) + "\n", "utf-8")


def day_of(row, day_format):
    try:
        return datetime.strptime(row.split(",")[0], day_format).date()  # noqa: DTZ007 - a month has no time zone
    except ValueError:
        return date.min  # the line of transform codes


def otherwise(row):
    month, *cells = row.split(",")
    return ",".join([month, *(f"{7 + place % 5}" if cell.strip() else cell for place, cell in enumerate(cells))])

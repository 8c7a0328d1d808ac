"""The reports as their readers open them: from a file, offline, on a desk, on a phone and on paper."""

import re
import subprocess
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
import pytest

from creditscore.accounts import Accounts
from creditscore.decisions import RollRates, adequacy, decide_day
from creditscore.decisions.alerts import NUMBERS
from creditscore.features import catalogue
from creditscore.monitoring import drift
from creditscore.policy import load_policy
from creditscore.reporting import (
    Comparison,
    DecidedDays,
    Rival,
    ScoredDays,
    accuracy_report,
    drift_report,
    language_of,
    save_report,
    with_colours,
)
from creditscore.reporting.rivals import TESTED
from creditscore.scoring import contest

pytestmark = pytest.mark.browser

CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
FLAGS += ["--disable-sync", "--no-first-run"]
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
CUSTOMERS = 1500
CUT = """
[...document.querySelectorAll("figure svg text")].filter(text => {
    const inner = text.getBoundingClientRect(), outer = text.closest("svg").getBoundingClientRect();
    return inner.left < outer.left - 2 || inner.right > outer.right + 2 || inner.bottom > outer.bottom + 2;
}).map(text => text.textContent)
"""
WHOLE = {"limit_amount": "Int64", "term_days": "Int64"}

CROWDED = """
[...document.querySelectorAll("figure svg")].flatMap(svg => {
    const words = [...svg.querySelectorAll("text")].map(text => [text.textContent, text.getBoundingClientRect()]);
    return words.flatMap(([first, a], place) => words.slice(place + 1).filter(([_, b]) =>
        Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 &&
        Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 4
    ).map(([second, _]) => [first, second]));
})
"""


def scored_frame(policy):
    rng = np.random.default_rng(1)
    days = pd.date_range("2022-01-31", periods=24, freq="ME").as_unit("ms")
    splits = ["development"] * 12 + ["calibration"] * 4 + ["test"] * 8
    quality = rng.normal(-3.0, 1.4, CUSTOMERS)
    parts = []
    for day, split in zip(days, splits, strict=True):
        log_odds = quality + rng.normal(0, 0.3, CUSTOMERS)
        chance = 1 / (1 + np.exp(-log_odds))
        parts.append(
            pd.DataFrame(
                {
                    "customer_id": [f"C{number}" for number in range(CUSTOMERS)],
                    "as_of": day,
                    "split": split,
                    "default_flag": (rng.random(CUSTOMERS) < chance).astype(float),
                    "pd_12m": chance,
                    "log_odds": log_odds,
                    "pd_logistic": rng.random(CUSTOMERS) * chance,
                    "pd_single": rng.random(CUSTOMERS),
                    "exposure_amount": rng.integers(0, 10**10, CUSTOMERS),
                    "industry_code": rng.choice([f"C{code}" for code in range(15)], CUSTOMERS),
                    "region": rng.choice(["Guangdong", "华东", "a region with quite a long name"], CUSTOMERS),
                }
            )
        )
    frame = pd.concat(parts, ignore_index=True)
    frame["score"] = policy.scale.score(frame["log_odds"].to_numpy())
    frame["grade"] = np.array(policy.master_scale.labels)[policy.master_scale.ranks(frame["log_odds"].to_numpy())]
    return with_colours(frame, policy)


def compared(frame, detail):
    rng = np.random.default_rng(2)
    features = catalogue()[:20]
    sides = []
    for split, shift in (("development", 0.0), ("test", 1.0)):
        rows = frame[frame["split"] == split].drop_duplicates("customer_id")[["score", "grade", "colour"]]
        values = {feature.name: rng.normal(shift * (place % 3), 1, len(rows)) for place, feature in enumerate(features)}
        sides.append(rows.assign(**values))
    result = drift(*sides, features=features, detail=detail, sample=500)
    return Comparison(as_of=date(2024, 12, 31), reference=sides[0], current=sides[1], result=result)


def decided_on(frame, policy):
    """Two days of decisions on the last month's customers, with amounts as large as they come."""
    customers = frame[frame["as_of"] == frame["as_of"].max()].astype({"exposure_amount": "Int64"})
    nobody = Accounts(
        limits=customers[["customer_id"]].assign(limit_amount=10**10, term_days=60).astype(WHOLE),
        receivables=pd.DataFrame(columns=["invoice_id", "customer_id", *NUMBERS]),
        affiliations=pd.DataFrame({"source_id": [], "target_id": [], "kind": []}, dtype="str"),
        segments=customers[["customer_id", "industry_code", "region"]].assign(group_id=None).astype("str"),
        histories=customers[["customer_id"]].assign(cooperation_years=2.0, payback_ratio=0.9),
    )
    today = customers[["customer_id", "score", "exposure_amount"]].assign(in_default_flag=0.0)
    first = decide_day(policy, nobody, today, as_of=date(2024, 12, 30), before=None)
    worse = today.assign(score=today["score"] - 10)
    last = decide_day(policy, nobody, worse, as_of=date(2024, 12, 31), before=first.standing)
    scores = customers.reset_index(drop=True).join(last.customers.drop(columns="customer_id"))
    reserved = scores.assign(colour=scores["governed_colour"], default_probability=scores["pd_12m"])
    ageing = pd.DataFrame(
        {"customer_id": scores["customer_id"], "bucket": np.arange(CUSTOMERS) % 5, "open_amount": 10**9}
    )
    matured = reserved.assign(lost_amount=(reserved["default_flag"] * reserved["exposure_amount"] // 2).astype("int64"))
    rolls = RollRates(ratios=(0.1, 0.3, 0.5, 0.6), month_count=12)
    applications = pd.DataFrame(
        {
            "applied_on": pd.Timestamp("2024-12-31"),
            "route": ["green_channel", "standard", "committee"],
            "outcome": ["approved", "referred", "referred"],
            "requested_amount": 10**10,
            "allowed_amount": [10**10, 10**9, 0],
            "disputed_flag": False,
            "frozen_flag": [False, False, True],
        }
    )
    ledger = [day.closings.assign(as_of=pd.Timestamp(day.as_of).as_unit("ms")) for day in (first, last)]
    return DecidedDays(
        as_of=last.as_of,
        policy_hash=policy.hash,
        scores=scores,
        open_amounts=ageing,
        ledger=pd.concat(ledger, ignore_index=True),
        applications=applications,
        adequacy=adequacy(policy, reserved, matured=matured, ageing=ageing, rolls=rolls),
    )


def beaten(frame, policy):
    """A challenger that knows nothing."""
    rows = frame[frame["split"] == "test"].rename(columns={"log_odds": "first_log_odds"})
    rows["second_log_odds"] = np.random.default_rng(4).normal(size=len(rows))
    return Rival(role="challenger", name="trade_credit-0123456789ab", contests={TESTED: contest(rows, policy)})


@pytest.fixture(scope="module")
def reports(tmp_path_factory, stand_in_bundle):
    """Folder with both reports, in English and in Chinese, and Evidently's page beside them."""
    folder, policy = tmp_path_factory.mktemp("reports"), load_policy()
    frame = scored_frame(policy)
    bundle = stand_in_bundle(frame=frame, policy_hash=policy.hash)
    waiting = frame[frame["as_of"] == frame["as_of"].max()].assign(
        as_of=pd.Timestamp("2024-12-31").as_unit("ms"), default_flag=np.nan
    )
    days = pd.DataFrame({"as_of": [pd.Timestamp("2024-12-31")], "customer_count": [CUSTOMERS]})
    month_before = frame[frame["as_of"] == frame["as_of"].unique()[-2]].assign(as_of=pd.Timestamp("2024-11-30"))
    graded = pd.concat([month_before, waiting]).assign(in_default_flag=False)
    scored = ScoredDays(days=days, judged=waiting, observed_until=date(2024, 12, 31), graded=graded)
    decided = decided_on(frame, policy)
    report = accuracy_report(
        bundle, policy=policy, scored=scored, decided=decided, rivals=[beaten(frame, policy)], currency="CNY"
    )
    comparison = compared(frame, folder / "drift_detail.html")
    drifted = drift_report(bundle, comparison, policy=policy, detail="drift_detail.html")
    for name, found in (("accuracy", report), ("drift", drifted)):
        save_report(found, folder / f"{name}.html")
        save_report(found.said_in(language_of("zh")), folder / f"{name}.zh.html")
    return folder


@pytest.fixture(scope="module")
def browser():
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as started:
        chromium = started.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@dataclass
class Visit:
    """A page with everything that it asked for and complained of."""

    page: object
    requests: list[str]
    complaints: list[str]


@pytest.fixture(params=["accuracy", "drift", "accuracy.zh", "drift.zh"])
def visit(request, browser, reports):
    """Open a report offline in a window of some size."""
    contexts = []

    def opened(viewport):
        context = browser.new_context(viewport=viewport, offline=True)
        contexts.append(context)
        page = context.new_page()
        found = Visit(page, [], [])
        page.on("request", lambda asked: found.requests.append(asked.url))
        page.on("console", lambda said: found.complaints.append(said.text))
        page.on("pageerror", lambda said: found.complaints.append(str(said)))
        page.goto((reports / f"{request.param}.html").as_uri())
        return found

    yield opened
    for context in contexts:
        context.close()


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_a_report_asks_for_nothing_but_its_own_file_and_complains_of_nothing(visit, viewport):
    found = visit(viewport)
    assert found.requests == [found.page.url]
    assert found.complaints == []


@pytest.mark.parametrize("viewport", [DESK, PHONE, {"width": 320, "height": 600}], ids=["desk", "phone", "small"])
def test_a_report_never_scrolls_sideways(visit, viewport):
    page = visit(viewport).page
    assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_every_plot_is_seen_whole_and_has_words(visit, viewport):
    page = visit(viewport).page
    plots = page.locator("figure svg").all()
    assert len(plots) >= 9
    for plot in plots:
        assert plot.is_visible()
        box = plot.bounding_box()
        assert box["width"] > 250
        assert box["height"] > 100
        assert box["x"] + box["width"] <= viewport["width"]
        assert plot.locator("text").count() > 3


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_no_label_of_a_plot_is_cut_or_lies_on_another(visit, viewport):
    page = visit(viewport).page
    assert page.evaluate(CUT) == []
    assert page.evaluate(CROWDED) == []


def test_a_page_says_its_language_and_a_chinese_one_asks_and_judges_in_chinese(visit):
    page = visit(DESK).page
    chinese = ".zh." in page.url
    assert page.locator("html").get_attribute("lang") == ("zh" if chinese else "en")
    if chinese and "drift" in page.url:
        assert all(
            re.search(r"[\u4e00-\u9fff]", text) for text in page.locator("h1, h2, .answer, .badge").all_inner_texts()
        )


def test_wide_tables_scroll_within_themselves_on_a_phone(visit):
    page = visit(PHONE).page
    wide = page.evaluate("[...document.querySelectorAll('.scroll')].map(box => [box.scrollWidth, box.clientWidth])")
    assert any(content > box for content, box in wide)
    assert all(box <= PHONE["width"] for _, box in wide)


def test_each_question_in_brief_leads_to_its_section(visit):
    page = visit(DESK).page
    page.emulate_media(reduced_motion="reduce")  # a click waits until the page stands still
    for link in page.locator("nav li a").all():
        link.click()
        target = page.evaluate("decodeURIComponent(location.hash).slice(1)")
        assert page.locator(f"[id='{target}'] h2").is_visible()


def test_a_plot_is_an_image_with_a_name_to_a_screen_reader(visit):
    page = visit(DESK).page
    assert page.get_by_role("img").count() == page.locator("figure svg").count()
    assert all(page.get_by_role("img", name=re.compile(r"\w")).nth(place).is_visible() for place in range(3))


def test_a_report_prints_on_pages_that_hold_everything(visit, tmp_path):
    page = visit(DESK).page
    questions = page.locator("section h2").count()
    printed = tmp_path / "report.pdf"
    page.pdf(path=str(printed), format="A4", prefer_css_page_size=True)
    pages = subprocess.run(["pdfinfo", printed], capture_output=True, text=True, check=True).stdout
    assert int(re.search(r"Pages:\s+(\d+)", pages)[1]) >= 3
    text = subprocess.run(["pdftotext", "-layout", printed, "-"], capture_output=True, text=True, check=True).stdout
    assert len(re.findall(r"^\s*(?:Method|方法)\s", text, flags=re.MULTILINE)) == questions


def test_no_table_is_wider_than_the_paper(visit):
    page = visit({"width": 680, "height": 960}).page  # A4 within its margins
    page.emulate_media(media="print")
    widths = page.evaluate("[...document.querySelectorAll('table')].map(table => table.getBoundingClientRect().right)")
    assert max(widths) <= 680


@pytest.mark.parametrize("name", ["drift.html", "drift.zh.html"])
def test_the_drift_report_leads_to_evidentlys_page_beside_it(browser, reports, name):
    page = browser.new_page()
    page.goto((reports / name).as_uri())
    page.get_by_role("link", name="Evidently").click()
    assert page.url == (reports / "drift_detail.html").as_uri()
    page.close()

"""From a real workspace to files: a small simulated book, a bundle that looks one month ahead, three scored days."""

import shutil
from dataclasses import replace
from datetime import date
from importlib import resources

import numpy as np
import pytest
from typer.testing import CliRunner

from creditscore.book import Book
from creditscore.book.simulation import Portfolio, simulate
from creditscore.cli.app import build
from creditscore.decisions import RollRates
from creditscore.domain import Verdict, Workspace, month_ends
from creditscore.errors import BundleError, ParameterError, StoreError
from creditscore.features import catalogue, panel
from creditscore.models import CalibratedModel, LogisticCalibration, MonotoneForest
from creditscore.monitoring import AlarmBudget, monitor
from creditscore.outcomes import DefaultDefinition, outcomes
from creditscore.policy import load_policy
from creditscore.reporting import (
    Report,
    Section,
    accuracy_of,
    drift_of,
    ecb_inputs,
    rivals_of,
    save_formats,
    save_report,
    write_accuracy_report,
    write_drift_report,
)
from creditscore.reporting.defaulters import DailyDefaulters
from creditscore.reporting.ecb.migrations import migrations_of
from creditscore.reporting.publishing import scored_days, watched_groups
from creditscore.scoring import (
    LEARNED_UNTIL,
    Bundle,
    BundleContents,
    open_champion,
    read_scores,
    read_snapshot,
    score_days,
    score_rows,
    set_champion,
    write_bundle,
)
from creditscore.scoring.daily import snapshot_path
from creditscore.scoring.files import write_frame

FEATURES = ("overdue_ratio", "overdue_oldest_days", "payback_365d_ratio", "cooperation_years", "open_amount")
DECISIONS = (
    "What does the policy allow today?",
    "What is held in reserve, and what moved it?",
    "Is the reserve enough?",
)
DAYS = (date(2022, 12, 30), date(2022, 12, 31), date(2023, 2, 27))


@pytest.fixture(autouse=True)
def own_store(monkeypatch):
    """Keep every test in its workspace's own SQLite file."""
    monkeypatch.delenv("CREDITSCORE_STORE", raising=False)


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    """A book of 150 customers to 2023-02-28 and a champion; copied, never changed."""
    workspace = Workspace(tmp_path_factory.mktemp("portfolio"))
    book = simulate(Portfolio(customers=150, months=14, seed=5), book=workspace.book, truth=workspace.truth)
    known = {feature.name: feature for feature in catalogue()}
    features = tuple(known[name] for name in FEATURES)
    rows = panel(book, days=month_ends(date(2022, 6, 1), date(2022, 12, 31)), features=features)
    definition = DefaultDefinition(version="test-1", days_past_due=15, horizon_months=1)
    labels = outcomes(book, rows[["customer_id", "as_of"]], definition=definition)["default_flag"].to_numpy()
    contents = _contents(rows, labels, features=features, definition=definition)
    first = write_bundle(workspace.root / "draft", contents=contents)
    scored = score_rows(first, load_policy(), rows)
    judged = scored.assign(
        default_flag=labels,
        split=np.select(
            [rows["as_of"] < "2022-09-01", rows["as_of"] < "2022-11-01"], ["development", "calibration"], "test"
        ),
        pd_logistic=scored["pd_1m"],
        pd_single=scored["pd_1m"],
        industry_code="C26",
        region="Hebei",
    )
    reference = rows.assign(score=scored["score"], grade=scored["grade"])
    whole = _contents(rows, labels, features=features, definition=definition, evaluation=judged, reference=reference)
    write_bundle(workspace.bundles / "tiny", contents=whole)
    set_champion(workspace, "tiny")
    return workspace


def _contents(rows, labels, *, features, definition, **frames):
    X = rows[list(FEATURES)].to_numpy(float)
    half = np.arange(len(X)) % 2 == 0
    forest = MonotoneForest(trees=12, leaves=8, min_leaf=20, seed=1, threads=1)
    forest.fit(X[half], labels[half], monotone=[feature.monotone for feature in features])
    calibration = LogisticCalibration().fit(forest.default_rate(X[~half]), labels[~half])
    model = CalibratedModel(forest.ranker_, calibration, feature_names=FEATURES, horizon_months=1)
    return BundleContents(
        name="tiny",
        model=model,
        features=features,
        definition=definition,
        policy_hash=load_policy().hash,
        training={"seed": "1"},
        metrics={"auc_test": 0.75},
        **({"evaluation": rows, "reference": rows} | frames),
    )


@pytest.fixture(scope="module")
def scored_template(template, tmp_path_factory):
    root = tmp_path_factory.mktemp("scored") / "portfolio"
    shutil.copytree(template.root, root)
    score_days(Workspace(root), days=DAYS)
    return Workspace(root)


@pytest.fixture
def workspace(template, tmp_path):
    """A champion, and no scored day yet."""
    shutil.copytree(template.root, tmp_path / "portfolio")
    return Workspace(tmp_path / "portfolio")


@pytest.fixture
def scored_workspace(scored_template, tmp_path):
    """A champion and three scored days, of which the last has no outcome yet."""
    shutil.copytree(scored_template.root, tmp_path / "portfolio")
    return Workspace(tmp_path / "portfolio")


@pytest.fixture
def command():
    application = build()
    return lambda *arguments: CliRunner().invoke(application, ["report", *map(str, arguments)])


def test_without_a_champion_both_reports_say_how_to_get_one(tmp_path):
    for report_of in (accuracy_of, drift_of):
        with pytest.raises(BundleError, match=r"No bundle decides yet\. Train one"):
            report_of(Workspace(tmp_path))


def test_without_a_scored_day_drift_says_what_to_do(workspace):
    with pytest.raises(StoreError, match=r"No day has been scored yet\. Run `creditscore score"):
        drift_of(workspace)


def test_a_day_that_was_not_scored_is_refused(scored_workspace):
    with pytest.raises(StoreError, match="as_of=2023-01-05"):
        drift_of(scored_workspace, as_of=date(2023, 1, 5))


def test_accuracy_rests_on_the_evaluation_alone_while_no_day_is_scored(workspace):
    path = write_accuracy_report(workspace)
    assert path == workspace.reports / "accuracy.html"
    assert "No day has been scored yet" in path.read_text("utf-8")


def test_the_last_scored_day_of_each_month_is_judged_by_what_became_of_its_customers(scored_workspace):
    bundle = open_champion(scored_workspace)
    found = scored_days(scored_workspace, Book.open(scored_workspace.book), bundle)
    judged = found.judged.groupby(found.judged["as_of"].dt.date)["default_flag"]
    assert found.observed_until == date(2023, 2, 28)
    assert [day.date() for day in found.days["as_of"]] == list(DAYS)
    assert judged.count().gt(0).to_dict() == {date(2022, 12, 31): True, date(2023, 2, 27): False}


def test_of_an_open_window_the_defaults_known_so_far_are_joined(scored_workspace):
    bundle = open_champion(scored_workspace)
    judged = scored_days(scored_workspace, Book.open(scored_workspace.book), bundle).judged
    told = judged.groupby(judged["as_of"].dt.date)["default_seen_flag"]
    assert (told.count() == told.size()).to_dict() == {date(2022, 12, 31): False, date(2023, 2, 27): True}
    assert told.count()[date(2022, 12, 31)] == 0


def test_who_is_in_default_already_is_no_case(scored_workspace):
    bundle = open_champion(scored_workspace)
    judged = scored_days(scored_workspace, Book.open(scored_workspace.book), bundle).judged
    scored = sum(len(read_scores(scored_workspace, as_of=day)) for day in DAYS[1:])
    assert 0 < len(judged) < scored
    assert not judged["in_default_flag"].any()


def test_who_defaulted_after_a_daily_score_is_told_with_what_that_day_stored(scored_workspace):
    bundle = open_champion(scored_workspace)
    found = scored_days(scored_workspace, Book.open(scored_workspace.book), bundle)
    judged = found.judged[found.judged["default_flag"] == 1]
    told, day = found.defaulters, DAYS[1]
    assert told.days == (day,)
    assert set(told.frame["customer_id"]) == set(judged["customer_id"])
    stored = read_scores(scored_workspace, as_of=day).set_index("customer_id").loc[told.frame["customer_id"]]
    for name in ("score", "colour", "exposure_amount", "reason_1", "pd_1m"):
        assert told.frame[name].tolist() == stored[name].tolist(), name
    assert (told.frame["default_on"] > told.frame["as_of"]).all()


def test_the_missed_of_the_daily_scores_stand_beside_those_of_the_test(scored_workspace, monkeypatch):
    bundle = open_champion(scored_workspace)
    real = scored_days(scored_workspace, Book.open(scored_workspace.book), bundle)
    green = DailyDefaulters(real.defaulters.frame.assign(colour="green"), real.defaulters.days)
    monkeypatch.setattr("creditscore.reporting.publishing.scored_days", lambda *_: replace(real, defaulters=green))
    (section,) = (one for one in accuracy_of(scored_workspace).sections if one.question.startswith("Which customers"))
    number = len(green.frame)
    assert f"Daily scores of {DAYS[1]}: {number} of {number} defaulter" in section.answer
    daily = section.table[section.table["source"] == "daily score"]
    assert set(daily["customer_id"]) == set(green.frame["customer_id"])
    assert daily["strongest_reasons"].str.len().gt(0).any()
    assert daily["default_after_months"].between(0, 1).all()


def test_only_the_columns_and_customers_wanted_are_read(scored_workspace):
    whole = read_scores(scored_workspace, as_of=DAYS[1])
    wanted = whole["customer_id"].iloc[[3, 7]].tolist()
    part = read_scores(scored_workspace, as_of=DAYS[1], columns=["customer_id", "score"], customers=wanted)
    assert part.columns.tolist() == ["customer_id", "score"]
    assert part["customer_id"].tolist() == wanted
    assert part["score"].tolist() == whole.loc[[3, 7], "score"].tolist()


def test_what_the_watch_raised_is_told_of_the_run_that_it_watched(scored_workspace):
    day = DAYS[1]
    rows = read_snapshot(scored_workspace, as_of=day)
    gone = np.arange(len(rows)) % 2 == 0
    moved = rows.assign(payback_365d_ratio=rows["payback_365d_ratio"].mask(gone))
    write_frame(moved, snapshot_path(scored_workspace, day))
    assert watched_groups(scored_workspace, day) is None
    found = monitor(scored_workspace, as_of=day, budget=AlarmBudget(fewest=30))
    assert found.groups
    assert watched_groups(scored_workspace, day) == found.groups
    policy = (resources.files("creditscore.policy") / "default.yaml").read_text("utf-8")
    scored_workspace.policy.write_text(policy.replace("red: 0.15", "red: 0.2"), "utf-8")
    score_days(scored_workspace, days=[day])
    assert watched_groups(scored_workspace, day) is None  # what was watched is served no more


def test_days_that_another_bundle_scored_are_not_credited_to_the_champion(scored_workspace):
    shutil.copytree(scored_workspace.root / "draft", scored_workspace.bundles / "other")
    set_champion(scored_workspace, "other")
    bundle = open_champion(scored_workspace)
    assert scored_days(scored_workspace, Book.open(scored_workspace.book), bundle) is None


def test_a_day_that_another_bundle_scored_anew_is_no_longer_credited_to_the_champion(scored_workspace):
    champion = open_champion(scored_workspace)
    _another(scored_workspace, "other", learned_until="2022-11-15")
    set_champion(scored_workspace, "other")
    score_days(scored_workspace, days=DAYS[-1:])
    kept = scored_days(scored_workspace, Book.open(scored_workspace.book), champion).days["as_of"]
    assert kept.dt.date.tolist() == list(DAYS[:-1])


def test_the_accuracy_report_tells_what_was_decided_on_the_last_day_scored(scored_workspace):
    asked = {section.question: section for section in accuracy_of(scored_workspace).sections}
    allowed, held, enough = (asked[question] for question in DECISIONS)
    scores = read_scores(scored_workspace, as_of=DAYS[-1])
    assert allowed.answer.startswith(f"On {DAYS[-1]}, of {len(scores)} customers")
    assert allowed.table["exposure_amount"].iloc[-1] == scores["exposure_amount"].sum()
    assert held.verdict is Verdict.PASS
    assert held.table["closing_amount"].iloc[0] == scores["held_amount"].sum()
    realised = enough.table[enough.table["against"] == "realised loss"].set_index("part")
    ended = read_scores(scored_workspace, as_of=DAYS[1])
    assert realised.loc["total", "exposure_amount"] == ended["exposure_amount"].clip(lower=0).sum()


def test_a_day_scored_anew_under_another_policy_fails_the_ledger_until_the_later_days_are(scored_workspace):
    policy = (resources.files("creditscore.policy") / "default.yaml").read_text("utf-8")
    scored_workspace.policy.write_text(policy.replace("red: 0.15", "red: 0.2"), "utf-8")
    score_days(scored_workspace, days=DAYS[:2])
    (section,) = (one for one in accuracy_of(scored_workspace).sections if one.question == DECISIONS[1])
    assert section.verdict is Verdict.FAIL
    assert f"The opening is not what was held before on {DAYS[2]}" in section.answer


def test_before_a_day_is_scored_the_accuracy_report_says_that_nothing_was_decided(workspace):
    asked = {section.question: section for section in accuracy_of(workspace).sections}
    assert {asked[question].verdict for question in DECISIONS} == {Verdict.UNKNOWN}
    assert all(asked[question].answer.startswith("No day has been scored yet") for question in DECISIONS)


@pytest.mark.parametrize("kept", [("customers", "invoices", "events"), ("customers", "invoices", "payments")])
def test_a_book_of_a_few_tables_has_a_report_that_says_what_it_cannot_tell(workspace, kept):
    book = Book.open(workspace.book)
    tables = {name: book.read(name) for name in kept}
    shutil.rmtree(workspace.book)
    Book.create(workspace.book, currency=book.currency).write(tables)
    score_days(workspace, days=DAYS[1:])
    asked = {section.question: section for section in accuracy_of(workspace).sections}
    allowed, held, enough = (asked[question] for question in DECISIONS)
    assert held.verdict is Verdict.PASS
    assert allowed.table["limit_amount"].iloc[-1] == 0  # nothing was granted
    if "payments" not in kept:
        assert allowed.verdict is enough.verdict is Verdict.UNKNOWN
        assert enough.answer == "It cannot be told. Without invoices and payments nobody knows what is open."


def test_a_roll_that_no_month_shows_is_told_and_breaks_nothing(scored_workspace, monkeypatch):
    unseen = RollRates(ratios=(float("nan"),) * 4, month_count=12)
    monkeypatch.setattr("creditscore.reporting.decided.observed_rolls", lambda *_: unseen)
    (section,) = (one for one in accuracy_of(scored_workspace).sections if one.question == DECISIONS[2])
    assert section.verdict is Verdict.UNKNOWN
    assert section.answer.startswith("It cannot be told. No month shows how")


def _another(workspace, name, *, learned_until, **changes):
    """Write the champion's model again as a bundle that learned until another day and was tested on nothing."""
    known = open_champion(workspace)
    contents = BundleContents(
        name="tiny",
        model=known.model,
        features=known.features,
        definition=known.definition,
        policy_hash=known.policy_hash,
        training={LEARNED_UNTIL: learned_until},
        metrics={},
        evaluation=known.evaluation().assign(split="development"),
        reference=known.reference(),
    )
    return write_bundle(workspace.bundles / name, contents=replace(contents, **changes))


def _followed(workspace, name):
    """Let the champion follow upon another bundle."""
    champion = open_champion(workspace).folder.name
    set_champion(workspace, name)
    set_champion(workspace, champion)


def test_a_workspace_without_a_rival_says_so_of_each(scored_workspace):
    challenger, former = rivals_of(scored_workspace)
    assert (challenger.silence, former.silence) == ("Nobody challenges it.", "No champion came before it.")


def test_a_former_champion_scores_those_rows_of_the_test_that_are_later_than_what_it_learned(scored_workspace):
    _another(scored_workspace, "older", learned_until="2022-11-15")
    _followed(scored_workspace, "older")
    former = rivals_of(scored_workspace)[1]
    (contest,) = former.contests.values()
    evaluation = open_champion(scored_workspace).evaluation()
    later = evaluation[(evaluation["as_of"] >= "2022-11-15") & evaluation["default_flag"].notna()]
    assert (former.name, contest.row_count) == ("older", len(later))
    # It is the same model, so features computed anew give the same scores and no difference at all.
    assert (contest.difference.difference, contest.psi.value) == (0.0, 0.0)
    (section,) = (one for one in accuracy_of(scored_workspace).sections if one.question.startswith("Does it beat"))
    assert "0.000 AUC ahead, since both rank alike" in section.answer


def test_a_former_champion_that_learned_of_the_whole_test_cannot_be_compared(scored_workspace, still_english):
    _another(scored_workspace, "older", learned_until="2023-02-01")
    _followed(scored_workspace, "older")
    former = rivals_of(scored_workspace)[1]
    assert not former.contests
    assert "It learned until 2023-02-01, and the champion's test ends on 2022-12-31." in former.silence
    assert still_english(former.silence) == []


def test_a_former_champion_that_foretells_something_else_cannot_be_compared(scored_workspace, still_english):
    other = replace(open_champion(scored_workspace).definition, version="other", days_past_due=30)
    _another(scored_workspace, "older", learned_until="2022-11-15", definition=other)
    _followed(scored_workspace, "older")
    silence = rivals_of(scored_workspace)[1].silence
    assert "They foretell different things" in silence
    assert still_english(silence) == []


def test_a_rival_that_is_broken_breaks_no_report(scored_workspace):
    older = _another(scored_workspace, "older", learned_until="2022-11-15")
    _followed(scored_workspace, "older")
    (older.folder / "reference.parquet").unlink()
    former = rivals_of(scored_workspace)[1]
    assert not former.contests
    assert "reference.parquet is missing" in former.silence


def test_moves_between_grades_are_those_of_the_last_scored_days_of_two_months(scored_workspace):
    (section,) = (one for one in accuracy_of(scored_workspace).sections if one.question.startswith("How do customers"))
    labels = read_scores(scored_workspace, as_of=DAYS[1])
    assert f"of {DAYS[1]}" in section.answer
    assert f"by {DAYS[2]}" in section.answer
    assert 0 < section.table["customer_count"].sum() <= len(labels)


def test_the_drift_report_is_of_the_latest_scored_day_with_evidentlys_page_beside_it(scored_workspace):
    path = write_drift_report(scored_workspace)
    assert "On 2023-02-27" in path.read_text("utf-8")
    assert (path.parent / "drift_detail.html").stat().st_size > 100_000


def test_drift_leaves_out_who_is_in_default_as_development_does(scored_workspace):
    bundle, book = open_champion(scored_workspace), Book.open(scored_workspace.book)
    scores = read_scores(scored_workspace, as_of=DAYS[-1])
    pairs = scores[["customer_id", "as_of"]]
    known = outcomes(book, pairs, definition=bundle.definition, observed_until=DAYS[-1])["in_default_flag"]
    facts = drift_of(scored_workspace).facts
    assert known.sum() > 0
    assert facts["Customers that day"] == f"{(~known).sum():,}, and {known.sum():,} in default left out"


def test_a_report_that_cannot_be_written_leaves_the_earlier_one(scored_workspace, monkeypatch):
    path = write_accuracy_report(scored_workspace)
    earlier = path.read_bytes()
    report = accuracy_of(scored_workspace)

    def refuse(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("creditscore.reporting.saving.render_html", refuse)
    with pytest.raises(StoreError, match="The disk is full"):
        save_report(report, path)
    assert path.read_bytes() == earlier


def test_a_report_is_written_as_its_suffix_says_or_refused(tmp_path):
    section = Section(question="Why?", verdict=Verdict.PASS, answer="So.", method="M.")
    report = Report(title="T", subtitle="S", facts={}, sections=(section,))
    begins = {"html": b"<!doctype html>", "json": b'{\n "schema_version": 1', "xlsx": b"PK"}
    for path in save_formats(report, tmp_path / "why.now"):
        assert path.stem == "why.now"
        assert path.read_bytes().startswith(begins[path.suffix[1:]])
    with pytest.raises(ParameterError, match=r"ends in '\.pdf'\. End it in \.html, \.json or \.xlsx"):
        save_report(report, tmp_path / "why.pdf")


def test_the_accuracy_command_prints_the_path_and_the_main_sentence(scored_workspace, command):
    result = command("accuracy", "-w", scored_workspace.root)
    assert result.exit_code == 0
    words = " ".join(result.stdout.split())
    assert "accuracy.html: Out of time: " in words
    assert "The same numbers: accuracy.json, accuracy.xlsx." in words
    names = sorted(path.name for path in scored_workspace.reports.iterdir())
    assert names == ["accuracy.html", "accuracy.json", "accuracy.xlsx"]


def test_a_command_writes_one_format_alone_where_it_is_asked_to(scored_workspace, command):
    result = command("accuracy", "-w", scored_workspace.root, "--format", "json")
    assert result.exit_code == 0
    assert "accuracy.json: Out of time: " in " ".join(result.stdout.split())
    assert [path.name for path in scored_workspace.reports.iterdir()] == ["accuracy.json"]


def test_the_drift_command_takes_a_day(scored_workspace, command):
    result = command("drift", "-w", scored_workspace.root, "--as-of", "2022-12-31")
    assert result.exit_code == 0
    assert "drift.html: On 2022-12-31: " in " ".join(result.stdout.split())


def test_the_ecb_command_counts_who_was_judged_and_says_what_the_scored_days_cannot_tell(scored_workspace, command):
    result = command("ecb", "-w", scored_workspace.root)
    assert result.exit_code == 0
    assert "ecb_validation.xlsx: one sheet for each test" in " ".join(result.stdout.split())
    found = ecb_inputs(scored_workspace)
    test = open_champion(scored_workspace).evaluation().query("split == 'test' and default_flag == default_flag")
    judged = test[~(test["exposure_amount"] <= 0)]
    assert found.current["customer_count"].sum() == judged["customer_id"].nunique()
    assert found.migrations == (
        "two scored days 1 month apart are needed (at most a week more), and this bundle scored from 2022-12-30 to "
        "2023-02-27."
    )


def test_migrations_are_those_of_the_performing_customers_between_two_scored_days(scored_workspace):
    first, last = DAYS[1], date(2023, 1, 31)
    score_days(scored_workspace, days=[last])
    migrations = ecb_inputs(scored_workspace).migrations
    assert migrations.period == f"{first} to {last}"
    book, bundle = Book.open(scored_workspace.book), open_champion(scored_workspace)
    then = read_scores(scored_workspace, as_of=first)
    labels = outcomes(book, then[["customer_id", "as_of"]], definition=bundle.definition, observed_until=last)
    rows = then.merge(labels, on=["customer_id", "as_of"])
    rows = rows[~rows["in_default_flag"] & ~(rows["exposure_amount"] <= 0).fillna(value=False)]
    defaults = migrations.counts[:, -3].sum()
    assert defaults == rows["default_flag"].sum() > 0
    assert migrations.counts.sum() == len(rows)
    now = read_scores(scored_workspace, as_of=last).set_index("customer_id")["grade"]
    stayed = rows[(rows["default_flag"] == 0) & (rows["grade"] == rows["customer_id"].map(now))]
    assert np.trace(migrations.counts[:, :-3]) == len(stayed)


def test_days_that_another_bundle_scored_are_no_migrations_of_the_champions(scored_workspace):
    score_days(scored_workspace, days=[date(2023, 1, 31)])
    shutil.copytree(scored_workspace.root / "draft", scored_workspace.bundles / "other")
    other = Bundle.open(scored_workspace.bundles / "other")
    book, grades = Book.open(scored_workspace.book), load_policy().master_scale.labels
    assert "this bundle scored not at all" in migrations_of(scored_workspace, book, other, grades=grades)
    champion = open_champion(scored_workspace)
    assert "does not know" in migrations_of(scored_workspace, book, champion, grades=grades[:1])


def test_a_day_that_is_no_day_is_refused_by_the_command(command, tmp_path):
    result = command("drift", "-w", tmp_path, "--as-of", "yesterday")
    assert result.exit_code == 2

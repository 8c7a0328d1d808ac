"""The card of a bundle: what it is made of, what it says, and that it leaves the bundle alone."""

import re
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
import typer
from typer.testing import CliRunner

from creditscore.book import Book
from creditscore.cli.models import ModelCommands
from creditscore.domain import month_ends
from creditscore.errors import ContractError
from creditscore.features import catalogue, panel
from creditscore.models import CalibratedModel, LogisticCalibration, MonotoneForest
from creditscore.outcomes import DefaultDefinition
from creditscore.policy import load_policy
from creditscore.reporting import language_of, model_card, write_model_card
from creditscore.reporting.card.gate_sentences import TEMPLATES, heard
from creditscore.reporting.card.markdown import escaped
from creditscore.scoring import (
    Bundle,
    BundleContents,
    GateResult,
    add_registration,
    open_champion,
    score_rows,
    set_champion,
    write_bundle,
)

FEATURES = ("overdue_ratio", "overdue_oldest_days", "payback_365d_ratio", "cooperation_years", "open_amount")
CHINESE = language_of("zh")
DEFINITION = DefaultDefinition(version="test-1", days_past_due=15, horizon_months=1)
SPLITS = [("2022-09-01", "development"), ("2022-11-01", "calibration")]


@pytest.fixture(scope="module")
def rows(template):
    known = {feature.name: feature for feature in catalogue()}
    features = tuple(known[name] for name in FEATURES)
    book = Book.open(template.book)
    frame = panel(book, days=month_ends(date(2022, 6, 1), date(2022, 12, 31)), features=features)
    rng = np.random.default_rng(1)
    late = frame["overdue_ratio"].fillna(0).to_numpy()
    labels = (rng.random(len(frame)) < 0.05 + 0.4 * late).astype(float)
    return frame, labels, features


def made(rows, *, kept=5, seed=1, **changes):
    """Contents of a bundle on the first ``kept`` features."""
    frame, labels, features = rows
    features = features[:kept]
    names = [feature.name for feature in features]
    forest = MonotoneForest(trees=12, leaves=8, min_leaf=20, seed=seed, threads=1)
    forest.fit(frame[names].to_numpy(float), labels, monotone=[feature.monotone for feature in features])
    X = frame[names].to_numpy(float)
    calibration = LogisticCalibration().fit(forest.default_rate(X), labels)
    model = CalibratedModel(forest.ranker_, calibration, feature_names=tuple(names), horizon_months=1)
    settings = {
        "name": "tiny",
        "model": model,
        "features": features,
        "definition": DEFINITION,
        "policy_hash": load_policy().hash,
        "training": {"learned_until": "2023-01-31", "test_first_on": "2022-11-30"},
        "metrics": {"auc_test": 0.75, "auc_test_low": 0.7, "auc_test_high": 0.8},
        "gates": (GateResult("stable", passed=True, sentence="It is."),),
        "hyperparameters": {"estimator": "MonotoneForest", "estimator.trees": "12"},
        "evaluation": frame,
        "reference": frame,
    }
    return BundleContents(**settings | changes)


def judged(rows, contents, folder):
    """The same contents with an evaluation that a report can read."""
    frame, labels, _ = rows
    scored = score_rows(write_bundle(folder, contents=contents), load_policy(), frame)
    evaluation = scored.assign(
        default_flag=labels,
        split=np.select([frame["as_of"] < until for until, _ in SPLITS], [split for _, split in SPLITS], "test"),
        pd_logistic=scored["pd_1m"],
        pd_single=scored["pd_1m"],
        industry_code="C26",
        region="a|b <i>",
    )
    return replace(contents, evaluation=evaluation)


@pytest.fixture
def place(workspace, rows, tmp_path):
    """A workspace whose champion is ``tiny-2``, which replaced ``tiny-1``."""
    first = judged(rows, made(rows, kept=4), tmp_path / "draft-1")
    second = judged(
        rows,
        made(
            rows,
            seed=2,
            metrics={"auc_test": 0.8},
            hyperparameters={"estimator": "MonotoneForest", "estimator.trees": "24"},
            training={"learned_until": "2023-02-28", "test_first_on": "2022-12-31"},
        ),
        tmp_path / "draft-2",
    )
    write_bundle(workspace.bundles / "tiny-1", contents=first)
    set_champion(workspace, "tiny-1", reason="The first | only one.", command="promote")
    add_registration(workspace, write_bundle(workspace.bundles / "tiny-2", contents=second), "7")
    set_champion(workspace, "tiny-2", reason="Ranks better.", command="promote")
    return workspace


def chapter(card, title):
    return card.split(f"\n## {title}\n", 1)[1].split("\n## ", 1)[0]


def test_a_card_has_every_chapter_that_a_reader_looks_for(place):
    card = model_card(place, open_champion(place))
    titles = [line.removeprefix("## ") for line in card.splitlines() if line.startswith("## ")]
    assert titles == [
        *("Model", "Purpose", "Data", "Features", "Performance", "Calibration", "Limits", "Gates", "Approvals"),
        *("Changes", "Hyperparameters", "Materiality and monitoring", "Sources"),
    ]
    assert "| AUC, out of time | 0.800 | – | – |" in chapter(card, "Performance")
    assert "open invoices at least 15 days past due" in chapter(card, "Data")
    assert "5 features." in chapter(card, "Features")
    assert "- stable: passed. It is." in chapter(card, "Gates")
    assert "| version in the registry | 7, registered" in chapter(card, "Model")
    assert "Does it hold from month to month?" in chapter(card, "Limits")


def test_writing_a_card_leaves_the_bundle_sound_and_its_hash_as_it_was(place):
    bundle = open_champion(place)
    path = write_model_card(place, bundle)
    assert path == place.bundles / "card-tiny-2.md"
    assert Bundle.open(bundle.folder).hash == bundle.hash


def test_the_same_bundle_and_records_give_the_same_card(place):
    first = write_model_card(place, open_champion(place)).read_bytes()
    assert write_model_card(place, open_champion(place)).read_bytes() == first


def test_the_changes_are_told_against_the_bundle_that_it_replaced(place):
    told = chapter(model_card(place, open_champion(place)), "Changes")
    assert "Against tiny-1:" in told
    assert "1 feature added: open_amount." in told
    assert "window: test first on was 2022-11-30, is 2022-12-31." in told
    assert "hyperparameter: estimator.trees was 12, is 24." in told
    assert "| AUC, out of time | 0.750 | 0.800 | 0.050 |" in told


def test_who_came_before_stays_the_same_when_another_decides_later(place):
    set_champion(place, "tiny-1", command="rollback", reason="Complaints.")
    told = model_card(place, Bundle.open(place.bundles / "tiny-2"))
    assert "Against tiny-1:" in chapter(told, "Changes")
    assert "neither champion nor challenger" in chapter(told, "Approvals")
    assert "| rollback | tiny-2 | tiny-1 | Complaints. |" in chapter(told, "Approvals")


def test_a_bundle_before_that_is_gone_is_told_and_breaks_nothing(place):
    (place.bundles / "tiny-1" / "model.json").unlink()
    told = chapter(model_card(place, open_champion(place)), "Changes")
    assert "The bundle before, tiny-1, cannot be read. model.json is missing." in told


def test_a_bundle_that_never_decided_is_held_against_the_champion_and_says_so(place, rows, tmp_path):
    other = judged(rows, made(rows, seed=5, metrics={}, gates=(), hyperparameters={}), tmp_path / "draft-3")
    card = model_card(place, write_bundle(place.bundles / "tiny-3", contents=other))
    assert "Against tiny-2:" in chapter(card, "Changes")
    assert "It has never been champion." in chapter(card, "Approvals")
    assert "The bundle does not say what its gates said." in chapter(card, "Gates")
    assert "not told by this bundle" in chapter(card, "Hyperparameters")


def test_words_of_people_come_from_the_workspace_and_stay_words(place):
    (place.root / "model_card.yaml").write_text(
        "owner: Credit Risk <b>\nmateriality: high\npurpose: Limits.\nnot_for: [Tenders.]\n", "utf-8"
    )
    card = model_card(place, open_champion(place))
    assert "| owner | Credit Risk &lt;b> |" in chapter(card, "Model")
    assert chapter(card, "Purpose").strip() == "Limits."
    assert "- Tenders." in chapter(card, "Limits")
    assert "Materiality: high" in chapter(card, "Materiality and monitoring")


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ("boss: me", "It says boss"),
        ("owner: 3", "An entry is no text"),
        ("not_for: everything", "`not_for` is no list"),
        ("[1, 2]", "It is no list of entries"),
        ("a: [", "It is no YAML"),
    ],
)
def test_words_that_the_card_does_not_know_are_refused(place, content, found):
    (place.root / "model_card.yaml").write_text(content, "utf-8")
    with pytest.raises(ContractError, match=found):
        model_card(place, open_champion(place))


def test_an_empty_file_of_words_states_nothing(place):
    (place.root / "model_card.yaml").write_text("", "utf-8")
    assert "| owner | not stated |" in model_card(place, open_champion(place))


def test_what_comes_from_people_and_data_cannot_break_a_table_or_become_html(place):
    assert "The first \\| only one." in model_card(place, Bundle.open(place.bundles / "tiny-1"))
    assert escaped("a\n<script>|") == "a &lt;script>\\|"


def english(card):
    """Return what is still English: two small words in a row, outside of code."""
    return re.findall(r"(?<![\w`_./-])[a-z]{2,} [a-z]{2,}(?![\w_])[^|]*", re.sub(r"`[^`]*`", "", card))


def test_a_card_in_chinese_has_the_same_chapters_and_numbers_and_no_english(place):
    bundle = open_champion(place)
    card, chinese = model_card(place, bundle), model_card(place, bundle, language=CHINESE)
    titles = [[line for line in one.splitlines() if line.startswith("## ")] for one in (card, chinese)]
    assert [CHINESE.say(title.removeprefix("## ")) for title in titles[0]] == [
        one.removeprefix("## ") for one in titles[1]
    ]
    assert [said for title in titles[1] for said in english(chapter(chinese, title.removeprefix("## ")))] == []
    numbers = [re.findall(r"[0-9]+[.][0-9]{3}", chapter(*one)) for one in ((card, "Performance"), (chinese, "表现"))]
    assert numbers[0] == numbers[1] != []
    assert "| 登记库版本 | 7，登记于" in chinese
    assert "新增 1 个特征：open_amount。" in chapter(chinese, "变更")
    assert "时间窗：检验期首日由 2022-11-30 变为 2022-12-31。" in chapter(chinese, "变更")


def test_a_card_in_chinese_has_no_english_whatever_the_bundle_lacks(place, rows, tmp_path):
    other = judged(rows, made(rows, seed=5, metrics={}, gates=(), hyperparameters={}), tmp_path / "draft-3")
    card = model_card(place, write_bundle(place.bundles / "tiny-3", contents=other), language=CHINESE)
    assert [said for one in re.split(r"\n## ", card)[1:] for said in english(one)] == []
    assert "| 时间 | 命令 |" not in card


def test_words_of_people_stay_in_the_language_that_they_wrote(place):
    assert CHINESE.say("development") != "development"
    (place.root / "model_card.yaml").write_text(
        "owner: development\npurpose: Limits for a|b.\nnot_for: [test]\n", "utf-8"
    )
    card = model_card(place, open_champion(place), language=CHINESE)
    assert "| 所有者 | development |" in card
    assert "| 开发者 | 未填写 |" in card
    assert "\nLimits for a\\|b.\n" in card
    assert "- test\n" in card
    assert "The first \\| only one." in model_card(place, Bundle.open(place.bundles / "tiny-1"), language=CHINESE)


def test_a_chinese_card_stands_beside_the_english_one(place):
    bundle = open_champion(place)
    paths = [write_model_card(place, bundle), write_model_card(place, bundle, language=CHINESE)]
    assert [path.name for path in paths] == ["card-tiny-2.md", "card-tiny-2.zh.md"]
    assert all(path.is_file() for path in paths)


def test_every_gate_of_training_is_heard_and_a_gate_of_ones_own_keeps_its_words():
    training = pytest.importorskip("creditscore_training.gates")
    found = {"auc_test": 0.8, "auc_test_logistic": 0.7, "delong_p_logistic": float("nan"), "score_psi_p_test": 0.001}
    found |= {"calibration_slope_test": 1.5, "default_count_test": 1900.0, "score_psi_test": 0.04}
    found |= {"score_psi_expected_test": 0.01, "worst_monotone_step": 1e-7, "withheld_riskier_share": 0.0}
    sentences = [result.sentence for result in training.judge(training.Gates(), found)]
    assert [heard(sentence).template for sentence in sentences] == list(TEMPLATES)
    assert [str(heard(sentence)) for sentence in sentences] == sentences
    assert CHINESE.say(heard(sentences[0])) == "时间外检验含 1,900 例违约；要求至少 30 例。"
    assert CHINESE.say(heard("It is.")) == "It is."


def test_the_command_writes_the_card_of_the_champion_or_of_a_named_bundle(place):
    app = typer.Typer()
    app.add_typer(ModelCommands().app(), name="models")
    runner = CliRunner(env={"COLUMNS": "300"})
    for words, name in (
        ([], "card-tiny-2.md"),
        (["tiny-1"], "card-tiny-1.md"),
        (["--lang", "zh"], "card-tiny-2.zh.md"),
    ):
        result = runner.invoke(app, ["models", "card", *words, "-w", str(place.root)])
        assert result.exit_code == 0
        assert name in result.stdout
        assert (place.bundles / name).is_file()

"""The bundle of a scenario model: whole, or refused."""

import json

import pytest

from creditscore.advice import ScenarioBundle, open_scenario, set_scenario, write_scenario
from creditscore.errors import BundleError, ParameterError


@pytest.fixture
def written(workspace, scenario_contents):
    return write_scenario(workspace, scenario_contents("bulk_purchase"))


def test_the_same_contents_are_one_bundle(written, workspace, scenario_contents):
    assert write_scenario(workspace, scenario_contents("bulk_purchase")).hash == written.hash
    assert len(list(workspace.scenarios.iterdir())) == 1


def test_it_answers_as_the_model_that_was_written(written, learned):
    asked, base = [[1.5, 30.0]], [-3.0]
    assert written.model.log_odds(asked, base_log_odds=base) == learned.model.log_odds(asked, base_log_odds=base)
    assert written.support.counts(base, asked) == learned.support.counts(base, asked)
    assert written.evaluation()["customer_id"].tolist() == ["C1"]


FILES = ["term.npz", "scenario.json", "support.json", "evaluation.parquet"]


@pytest.mark.parametrize("name", FILES)
def test_a_file_with_one_altered_byte_is_refused(written, name):
    content = bytearray((written.folder / name).read_bytes())
    content[len(content) // 2] ^= 1
    (written.folder / name).write_bytes(content)
    with pytest.raises(BundleError, match=f"{name} is not the file that was written"):
        ScenarioBundle.open(written.folder)


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_refused(written, name):
    (written.folder / name).unlink()
    with pytest.raises(BundleError, match=f"{name} is missing"):
        ScenarioBundle.open(written.folder)


def test_a_stranger_in_the_folder_is_refused(written):
    (written.folder / "notes.txt").write_text("mine", "utf-8")
    with pytest.raises(BundleError, match=r"notes\.txt is not in its manifest"):
        ScenarioBundle.open(written.folder)


def test_a_folder_without_a_manifest_is_refused(written):
    (written.folder / "manifest.json").unlink()
    with pytest.raises(BundleError, match=r"no manifest\.json"):
        ScenarioBundle.open(written.folder)


def test_a_file_altered_after_opening_is_noticed_when_it_is_read(written):
    for name in ("support.json", "evaluation.parquet"):
        (written.folder / name).write_bytes(b"other")
    with pytest.raises(BundleError, match="not the file that was written"):
        written.evaluation()
    with pytest.raises(BundleError, match="not the file that was written"):
        _ = written.support


@pytest.mark.parametrize("change", [{"format": 9}, {"asked": ["x"]}, {"files": None}])
def test_a_manifest_of_another_format_is_refused(written, change):
    path = written.folder / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | change), "utf-8")
    with pytest.raises(BundleError):
        ScenarioBundle.open(written.folder)


def test_without_a_model_the_error_says_how_to_get_one(workspace):
    with pytest.raises(BundleError, match="creditscore train term_extension"):
        open_scenario(workspace, "term_extension", base_bundle_hash="x")


def test_a_model_of_another_champion_does_not_answer(written, workspace):
    set_scenario(workspace, written)
    with pytest.raises(BundleError, match="another champion"):
        open_scenario(workspace, "bulk_purchase", base_bundle_hash="x")


def test_another_bundle_in_the_folder_of_the_chosen_one_is_refused(written, workspace, scenario_contents, bundle):
    set_scenario(workspace, written)
    other = write_scenario(workspace, scenario_contents("bulk_purchase", min_history_days=60))
    record = workspace.scenarios / "bulk_purchase.json"
    entry = json.loads(record.read_text("utf-8")) | {"folder_name": other.folder.name}
    record.write_text(json.dumps(entry), "utf-8")
    with pytest.raises(BundleError, match="not the bundle that was chosen"):
        open_scenario(workspace, "bulk_purchase", base_bundle_hash=bundle.hash)


def test_contents_of_a_standard_facility_or_a_broken_metric_are_refused(scenario_contents):
    with pytest.raises(ParameterError, match="no scenario"):
        scenario_contents("standard")
    with pytest.raises(ParameterError, match="not finite"):
        scenario_contents("bulk_purchase", metrics={"auc": float("nan")})

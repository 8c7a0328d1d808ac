import json
import shutil
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from creditscore.domain import Reason, Risk, Workspace
from creditscore.errors import BundleError, ParameterError, StoreError
from creditscore.features import macro_level
from creditscore.scoring import Bundle, open_champion, set_champion, write_bundle

FILES = ["evaluation.parquet", "manifest.json", "model.json", "reference.parquet", "trees_1.npz"]


@pytest.fixture
def copy(bundle, tmp_path):
    """Return a copy of the bundle's folder that a test may damage."""
    return shutil.copytree(bundle.folder, tmp_path / "copy")


def test_a_bundle_is_five_plain_files(bundle):
    assert sorted(path.name for path in bundle.folder.iterdir()) == FILES


def test_what_was_written_is_read_back(bundle, contents):
    made = contents(seed=1)
    assert (bundle.name, bundle.horizon_months, bundle.feature_names) == ("tiny", 12, made.model.feature_names)
    assert bundle.definition == made.definition
    assert bundle.features == made.features
    assert bundle.policy_hash == made.policy_hash
    assert (dict(bundle.training), dict(bundle.metrics)) == ({"seed": "1"}, {"auc": 0.75})
    pd.testing.assert_frame_equal(bundle.evaluation(), made.evaluation)
    pd.testing.assert_frame_equal(bundle.reference(), made.reference)
    X = np.nan_to_num(made.reference[list(bundle.feature_names)].to_numpy(float))
    np.testing.assert_array_equal(bundle.model.log_odds(X), made.model.log_odds(X))


def test_the_tested_customers_are_read_back_and_missing_where_training_kept_none(bundle, contents, tmp_path):
    tested = pd.DataFrame({"customer_id": ["A"], "overdue_ratio": [0.5]})
    made = write_bundle(tmp_path / "made", contents=replace(contents(seed=1), tested=tested))
    pd.testing.assert_frame_equal(made.tested(), tested)
    assert bundle.tested() is None


def test_equal_contents_give_equal_bytes(bundle, contents, tmp_path):
    again = write_bundle(tmp_path / "again", contents=contents(seed=1))
    assert again.hash == bundle.hash
    for name in FILES:
        assert (again.folder / name).read_bytes() == (bundle.folder / name).read_bytes()


def test_other_contents_give_another_hash(bundle, contents, tmp_path):
    assert write_bundle(tmp_path / "other", contents=contents(seed=9)).hash != bundle.hash


def test_writing_the_same_bundle_again_returns_it(contents, tmp_path):
    first = write_bundle(tmp_path / "one", contents=contents(seed=1))
    assert write_bundle(tmp_path / "one", contents=contents(seed=1)).hash == first.hash


def test_a_bundle_is_never_overwritten_by_another(contents, tmp_path):
    first = write_bundle(tmp_path / "one", contents=contents(seed=1))
    with pytest.raises(BundleError, match="never changes"):
        write_bundle(tmp_path / "one", contents=contents(seed=2))
    assert Bundle.open(tmp_path / "one").hash == first.hash


@pytest.mark.parametrize("seed", [1, 2])
def test_of_two_that_write_at_once_the_second_finds_its_work_done_or_the_name_taken(
    contents, tmp_path, monkeypatch, seed
):
    """Another process writes the bundle after this one has found that there is none."""
    save = pd.DataFrame.to_parquet

    def write_after_another_is_done(frame, path, **options):
        monkeypatch.undo()
        write_bundle(tmp_path / "one", contents=contents(seed=seed))
        save(frame, path, **options)

    made = contents(seed=1)
    monkeypatch.setattr(pd.DataFrame, "to_parquet", write_after_another_is_done)
    if seed == 1:
        assert write_bundle(tmp_path / "one", contents=made).hash == Bundle.open(tmp_path / "one").hash
    else:
        with pytest.raises(BundleError, match="never changes"):
            write_bundle(tmp_path / "one", contents=made)
    assert [path.name for path in tmp_path.iterdir()] == ["one"]


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_named(copy, name):
    (copy / name).unlink()
    with pytest.raises(BundleError, match=name):
        Bundle.open(copy)


@pytest.mark.parametrize("name", [name for name in FILES if name != "manifest.json"])
def test_an_altered_file_is_named(copy, name):
    content = bytearray((copy / name).read_bytes())
    content[len(content) // 2] ^= 1
    (copy / name).write_bytes(content)
    with pytest.raises(BundleError, match=f"{name} is not the file that was written"):
        Bundle.open(copy)


def test_a_stranger_in_the_folder_is_named(copy):
    (copy / "model.pkl").write_bytes(b"")
    with pytest.raises(BundleError, match=r"model\.pkl is not in its manifest"):
        Bundle.open(copy)


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"\xff", b'{"format": 99, "files": {}}'])
def test_a_damaged_manifest_is_refused(copy, content):
    (copy / "manifest.json").write_bytes(content)
    with pytest.raises(BundleError, match=r"manifest\.json is damaged or of another format"):
        Bundle.open(copy)


def test_a_file_altered_after_opening_is_noticed_when_it_is_read(copy):
    opened = Bundle.open(copy)
    (copy / "evaluation.parquet").write_bytes(b"altered")
    with pytest.raises(BundleError, match=r"evaluation\.parquet"):
        opened.evaluation()


def test_a_folder_without_a_bundle_is_refused(tmp_path):
    with pytest.raises(BundleError, match="no manifest"):
        Bundle.open(tmp_path)


def test_the_manifest_holds_no_time_of_day_and_no_path(bundle):
    text = (bundle.folder / "manifest.json").read_text("utf-8")
    assert "202" not in json.dumps(
        {**json.loads(text), "files": None, "default_definition_hash": None, "policy_hash": None, "code_version": None}
    )
    assert str(bundle.folder.parent) not in text


def test_a_write_that_fails_leaves_nothing(contents, tmp_path, monkeypatch):
    def refuse(*_, **__):
        raise OSError(28, "No space left on device")

    made = contents(seed=1)
    monkeypatch.setattr(pd.DataFrame, "to_parquet", refuse)
    with pytest.raises(StoreError, match="disk is full"):
        write_bundle(tmp_path / "one", contents=made)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda made: {"features": made.features[::-1]}, "features are not those of the model"),
        (lambda made: {"definition": replace(made.definition, horizon_months=6)}, "looks 6 months ahead, the model 12"),
        (lambda _: {"metrics": {"auc": float("nan")}}, "auc are not finite"),
    ],
)
def test_contents_that_do_not_fit_together_are_refused(contents, change, named):
    made = contents(seed=1)
    with pytest.raises(ParameterError, match=named):
        replace(made, **change(made))


def test_a_feature_that_changed_its_meaning_since_training_is_refused(copy, bundle):
    feature = bundle.features[0]
    for change in ({"risk": Risk.FALLS}, {"reason": Reason("Z99", en="Other", zh="其他")}):
        with pytest.raises(BundleError, match="another family, unit, direction or reason than in training"):
            _ = Bundle.open(copy, features=[replace(feature, **change)]).features


def test_a_feature_whose_words_were_improved_is_still_the_same(copy, bundle):
    feature = bundle.features[0]
    better = replace(feature, reason=replace(feature.reason, en="Better words"))
    assert Bundle.open(copy, features=[better]).features[0] == better


def test_a_recipes_own_series_is_found_again_without_the_recipe(contents, tmp_path):
    made = contents(seed=1)
    reason = Reason("Z50", en="Unemployment is high", zh="失业率偏高")
    own = macro_level("UNRATE", risk="rises", reason=reason)
    made.model.feature_names = (*made.model.feature_names[:-1], own.name)
    written = write_bundle(tmp_path / "own", contents=replace(made, features=(*made.features[:-1], own)))
    assert Bundle.open(written.folder).features[-1] == own
    assert Bundle.open(written.folder).reasons["Z50"] == reason


def test_a_recipes_own_function_must_be_offered(contents, tmp_path):
    made = contents(seed=1)
    own = replace(made.features[-1], name="of_my_own")
    made.model.feature_names = (*made.model.feature_names[:-1], own.name)
    write_bundle(tmp_path / "own", contents=replace(made, features=(*made.features[:-1], own)))
    assert Bundle.open(tmp_path / "own", features=[own]).features[-1] == own
    with pytest.raises(BundleError, match="of_my_own is not the one of training, or unknown here"):
        _ = Bundle.open(tmp_path / "own").features


def test_the_champion_is_the_bundle_that_was_set(workspace):
    assert open_champion(workspace).folder.name == "first"
    champion = set_champion(workspace, "second", registry_version="2")
    assert open_champion(workspace).hash == champion.bundle_hash
    assert open_champion(workspace).folder.name == "second"


def test_without_a_champion_the_user_is_told_to_train(tmp_path):
    with pytest.raises(BundleError, match="creditscore train"):
        open_champion(Workspace(tmp_path))


def test_a_broken_bundle_does_not_become_champion(workspace):
    (workspace.bundles / "second" / "model.json").unlink()
    with pytest.raises(BundleError, match=r"model\.json is missing"):
        set_champion(workspace, "second", registry_version="2")
    assert open_champion(workspace).folder.name == "first"


def test_a_champion_whose_folder_was_replaced_is_refused(workspace):
    shutil.rmtree(workspace.bundles / "first")
    shutil.copytree(workspace.bundles / "second", workspace.bundles / "first")
    with pytest.raises(BundleError, match="not the bundle that was made champion"):
        open_champion(workspace)


@pytest.mark.parametrize("content", ["", "[]", '{"folder_name": "first"}'])
def test_a_damaged_champion_record_is_refused(workspace, content):
    (workspace.bundles / "champion.json").write_text(content, "utf-8")
    with pytest.raises(BundleError, match=r"champion\.json is damaged"):
        open_champion(workspace)


def test_importances_are_read_largest_first(tmp_path, contents):
    told = replace(contents(seed=1), metrics={"auc": 0.7, "importance_b": 0.1, "importance_a": 0.4})
    bundle = write_bundle(tmp_path / "told", contents=told)
    assert list(bundle.importances.items()) == [("a", 0.4), ("b", 0.1)]

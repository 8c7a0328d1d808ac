"""Who decides, who did before, and who runs beside: written once, in one order, and told to a registry first."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import pairwise

import pytest

from creditscore.domain import Workspace
from creditscore.errors import BundleError, ParameterError, StoreError
from creditscore.scoring import (
    LEARNED_UNTIL,
    AliasMove,
    GateResult,
    add_registration,
    bundle_named,
    challenge,
    challenger_of,
    champion_of,
    end_challenge,
    history_of,
    list_models,
    open_challenger,
    open_champion,
    promote,
    rollback,
    set_challenger,
    set_champion,
    write_bundle,
)
from creditscore.scoring.appointment import Champion
from creditscore.scoring.history import Change, champion_before

PASSED = GateResult("ranks_well_enough", passed=True, sentence="It does.")
REFUSED = GateResult("calibrated", passed=False, sentence="It is not.")


@pytest.fixture
def workspace(workspace, contents):
    """Add a bundle whose gates passed and one that a gate refused."""
    for seed, name, gates in ((3, "third", (PASSED,)), (4, "fourth", (PASSED, REFUSED))):
        write_bundle(workspace.bundles / name, contents=replace(contents(seed=seed), gates=gates))
    return workspace


@pytest.fixture
def registry():
    """A registry that remembers what it was told."""
    told = []

    def tell(moves):
        told.extend(moves)

    tell.told = told
    return tell


def aliases_of(model, *, champion=None, challenger=None):
    return [AliasMove(model, "champion", champion), AliasMove(model, "challenger", challenger)]


def unreachable(moves):
    assert moves
    raise StoreError(where="MLflow", found="It cannot be reached.", fix="Start it.")


def test_a_bundle_keeps_what_its_gates_said(workspace):
    assert bundle_named(workspace, "fourth").gates == (PASSED, REFUSED)
    assert bundle_named(workspace, "first").gates == ()


def test_of_champions_set_at_the_same_time_each_is_in_the_history_and_follows_the_one_before(workspace):
    wanted = ["first", "third", "fourth"] * 8
    with ThreadPoolExecutor(8) as together:
        list(together.map(lambda name: set_champion(workspace, name), wanted))
    told = history_of(workspace)
    assert all(change.before.bundle_hash == earlier.after.bundle_hash for earlier, change in pairwise(told))
    assert {change.after.folder_name for change in told} == set(wanted)
    assert champion_of(workspace).bundle_hash == told[-1].after.bundle_hash


def test_a_promoted_bundle_decides_and_the_history_says_since_when_and_why(workspace):
    before = datetime.now(UTC).replace(microsecond=0)
    done = promote(workspace, "third", reason="It ranks better.")
    assert open_champion(workspace).folder.name == "third"
    assert (done.before.folder_name, done.after.folder_name, done.told_flag) == ("first", "third", False)
    change = history_of(workspace)[-1]
    assert (change.command, change.reason) == ("promote", "It ranks better.")
    assert (change.before.folder_name, change.after) == ("first", champion_of(workspace))
    assert before <= change.at <= datetime.now(UTC)
    assert change.at.tzinfo is not None


def test_a_bundle_that_a_gate_refused_decides_only_with_a_reason(workspace):
    with pytest.raises(ParameterError, match=r"calibrated refused it\. .*--despite-gates"):
        promote(workspace, "fourth")
    assert champion_of(workspace).folder_name == "first"
    promote(workspace, "fourth", reason="Urgent.", despite_gates="the committee agreed")
    assert history_of(workspace)[-1].reason == "Urgent.; despite its gates: the committee agreed"


def test_a_bundle_whose_gates_nobody_knows_is_refused_too(workspace):
    with pytest.raises(ParameterError, match="does not say what its gates said"):
        promote(workspace, "second")


def test_a_broken_bundle_is_not_promoted(workspace):
    next((workspace.bundles / "third").glob("evaluation.parquet")).unlink()
    with pytest.raises(BundleError, match="missing"):
        promote(workspace, "third")
    assert champion_of(workspace).folder_name == "first"


def test_promoting_the_champion_again_adds_nothing_to_the_history(workspace, registry):
    promote(workspace, "third")
    before = history_of(workspace)
    promote(workspace, "third", registry=registry)
    assert history_of(workspace) == before


def test_each_rollback_goes_one_champion_further_back(workspace):
    promote(workspace, "second", despite_gates="test")
    promote(workspace, "third")
    assert rollback(workspace, reason="It was worse.").after.folder_name == "second"
    assert rollback(workspace).after.folder_name == "first"
    assert [change.command for change in history_of(workspace)[-2:]] == ["rollback", "rollback"]
    with pytest.raises(ParameterError, match="knows none before"):
        rollback(workspace)


def test_a_rollback_does_not_return_to_a_bundle_that_was_replaced(workspace):
    promote(workspace, "third")
    for path in (workspace.bundles / "first").iterdir():
        path.unlink()
    for path in (workspace.bundles / "second").iterdir():
        (workspace.bundles / "first" / path.name).write_bytes(path.read_bytes())
    with pytest.raises(BundleError, match="not the bundle that was made champion"):
        rollback(workspace)
    assert champion_of(workspace).folder_name == "third"


def test_a_champion_that_lacks_its_entry_still_has_one_before_it():
    first, second, third = (Champion(folder_name=n, bundle_hash=n, registry_version=None) for n in ("a", "b", "c"))
    at = datetime(2024, 1, 1, tzinfo=UTC)
    known = Change(at=at, command="promote", before=first, after=second, reason="")
    assert champion_before([known], third) == second
    later = Change(at=at, command="promote", before=third, after=first, reason="")
    assert champion_before([known, later], first) == third


def test_a_damaged_line_of_the_history_is_named_and_does_not_stop_a_promotion(workspace):
    path = workspace.bundles / "champions.jsonl"
    path.write_text(path.read_text("utf-8") + "{\n", "utf-8")
    promote(workspace, "third")
    with pytest.raises(BundleError, match="Line 2 is damaged"):
        history_of(workspace)


def test_the_history_only_grows(workspace):
    path = workspace.bundles / "champions.jsonl"
    before = path.read_text("utf-8")
    promote(workspace, "third")
    assert path.read_text("utf-8").startswith(before)
    assert json.loads(path.read_text("utf-8").splitlines()[-1])["from"]["folder_name"] == "first"


def test_a_registry_is_told_the_version_that_decides(workspace, registry):
    add_registration(workspace, bundle_named(workspace, "third"), "7")
    done = promote(workspace, "third", registry=registry)
    assert registry.told == list(done.moves) == aliases_of("tiny", champion="7")
    assert champion_of(workspace).registry_version == "7"


def test_an_alias_leaves_the_registered_model_that_decides_no_more(workspace, contents, registry):
    other = replace(contents(seed=5), name="other", gates=(PASSED,))
    write_bundle(workspace.bundles / "other", contents=other)
    add_registration(workspace, bundle_named(workspace, "other"), "1")
    promote(workspace, "other", registry=registry)
    assert registry.told == aliases_of("other", champion="1") + aliases_of("tiny")


def test_an_alias_does_not_stay_where_the_new_champions_version_is_not_known(workspace, registry):
    promote(workspace, "third", registry=registry)
    assert registry.told == aliases_of("tiny")


def test_nothing_changes_where_the_registry_cannot_be_reached(workspace):
    add_registration(workspace, bundle_named(workspace, "third"), "7")
    before = sorted((path.name, path.stat().st_mtime_ns) for path in workspace.bundles.iterdir())
    for change in (promote, challenge):
        with pytest.raises(StoreError):
            change(workspace, "third", registry=unreachable)
    assert sorted((path.name, path.stat().st_mtime_ns) for path in workspace.bundles.iterdir()) == before


def test_a_promotion_that_was_killed_after_the_registry_is_completed_by_the_same_command(workspace, monkeypatch):
    add_registration(workspace, bundle_named(workspace, "third"), "7")
    told = []
    with monkeypatch.context() as killed:
        killed.setattr("creditscore.scoring.promotion.set_champion", stopped)
        with pytest.raises(KeyboardInterrupt):
            promote(workspace, "third", registry=told.extend)
    assert champion_of(workspace).folder_name == "first"
    promote(workspace, "third", registry=told.extend)
    assert champion_of(workspace).folder_name == "third"
    assert told == aliases_of("tiny", champion="7") * 2


def stopped(*_, **__):
    raise KeyboardInterrupt


def test_a_challenger_runs_beside_the_champion_until_it_is_ended(workspace, registry):
    add_registration(workspace, bundle_named(workspace, "fourth"), "2")
    challenge(workspace, "fourth", registry=registry)
    assert open_challenger(workspace).folder.name == "fourth"
    assert champion_of(workspace).folder_name == "first"
    end_challenge(workspace, registry=registry)
    assert challenger_of(workspace) is None
    assert registry.told == aliases_of("tiny", champion="1", challenger="2") + aliases_of("tiny", champion="1")


def test_telling_the_registry_again_makes_up_for_what_it_was_not_told(workspace, registry):
    add_registration(workspace, bundle_named(workspace, "fourth"), "2")
    challenge(workspace, "fourth", registry=registry)
    end_challenge(workspace)
    end_challenge(workspace, registry=registry)
    assert registry.told[2:] == aliases_of("tiny", champion="1")


def test_ending_a_challenge_that_there_is_not_changes_nothing(workspace):
    assert end_challenge(workspace).before is None


def test_the_champion_cannot_challenge_itself(workspace):
    with pytest.raises(ParameterError, match="is the champion already"):
        set_challenger(workspace, "first")


def test_a_challenger_that_is_promoted_challenges_no_more(workspace, registry):
    add_registration(workspace, bundle_named(workspace, "third"), "7")
    challenge(workspace, "third")
    promote(workspace, "challenger", registry=registry)
    assert challenger_of(workspace) is None
    assert not (workspace.bundles / "challenger.json").exists()
    assert registry.told == aliases_of("tiny", champion="7")


def test_a_challenger_left_behind_by_a_kill_between_two_files_is_none(workspace):
    challenge(workspace, "third")
    set_champion(workspace, "third")
    assert challenger_of(workspace) is None


def test_bundles_are_known_by_name_by_hash_and_by_role(workspace):
    challenge(workspace, "third")
    assert bundle_named(workspace, "champion").folder.name == "first"
    assert bundle_named(workspace, "challenger").folder.name == "third"
    assert bundle_named(workspace, "second").folder.name == "second"
    assert bundle_named(workspace, bundle_named(workspace, "second").hash[:12]).folder.name == "second"


@pytest.mark.parametrize("name", ["fifth", "", "ab"])
def test_a_name_that_means_no_bundle_is_refused(workspace, name):
    with pytest.raises(ParameterError, match=r"0 of 4 bundles are called so"):
        bundle_named(workspace, name)


def test_a_challenger_is_asked_for_in_vain_where_there_is_none(workspace):
    with pytest.raises(ParameterError, match="No bundle runs beside the champion"):
        bundle_named(workspace, "challenger")


def test_the_list_tells_of_every_bundle_the_champion_first(workspace, contents):
    learned = {LEARNED_UNTIL: "2023-01-31", "development_first_on": "2022-06-30", "test_last_on": "2023-01-31"}
    metrics = {"auc_test": 0.8, "auc_test_low": 0.7, "auc_test_high": 0.9, "calibration_slope_test": 1.1}
    full = replace(contents(seed=6), training=learned, metrics=metrics, gates=(PASSED,))
    add_registration(workspace, write_bundle(workspace.bundles / "full", contents=full), "9")
    challenge(workspace, "third")
    promote(workspace, "full")
    (workspace.bundles / "second" / "reference.parquet").unlink()
    listed = list_models(workspace)
    assert [one.folder_name for one in listed] == ["full", "third", "first", "fourth", "second"]
    champion, challenger, former, refused, broken = listed
    assert (champion.auc, champion.auc_low, champion.auc_high, champion.calibration_slope) == (0.8, 0.7, 0.9, 1.1)
    assert (champion.first_on, champion.learned_until) == (date(2022, 6, 30), date(2023, 1, 31))
    assert (champion.registry_version, champion.role, champion.gates_passed) == ("9", "champion", True)
    assert champion.reigns[0].until is None
    assert challenger.role == "challenger"
    assert former.role is None
    assert former.reigns[0].until == champion.reigns[0].since
    assert (former.gates_passed, refused.gates_passed) == (None, False)
    assert broken.trouble == "reference.parquet is missing."


def test_an_empty_workspace_has_no_models(tmp_path):
    assert list_models(Workspace(tmp_path)) == ()

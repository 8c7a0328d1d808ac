"""A model that passes its gates takes the champion's place unless it is significantly worse on shared rows."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from creditscore.domain import Workspace
from creditscore.errors import StoreError
from creditscore.scoring import (
    AliasMove,
    GateResult,
    challenger_of,
    champion_of,
    history_of,
    set_champion,
    write_bundle,
)
from creditscore_training.role import Role
from creditscore_training.standing import Standing, appoint, standing_of

MONTHS = pd.to_datetime([f"2022-{month:02d}-28" for month in range(1, 7)]).astype("datetime64[ms]")
SPLITS = ["development", "development", "calibration", "test", "test", "test"]


@pytest.fixture
def judged(workspace, contents):
    """Return a function that writes a bundle whose ranking has this much noise in it."""

    def write(name, *, noise, splits=SPLITS, passed=True):
        draws = np.random.default_rng(round(100 * noise))
        risk = np.repeat(np.linspace(-4, 0, 200), len(MONTHS))
        flag = np.random.default_rng(7).random(len(risk)) < 1 / (1 + np.exp(-risk))
        rows = pd.DataFrame(
            {
                "customer_id": np.repeat([f"C{number:03d}" for number in range(200)], len(MONTHS)),
                "as_of": np.tile(MONTHS, 200),
                "split": np.tile(splits, 200),
                "default_flag": flag.astype(float),
                "log_odds": risk + noise * draws.normal(size=len(risk)),
            }
        )
        gates = (GateResult("ranks_well_enough", passed=passed, sentence="The AUC is what it is."),)
        return write_bundle(workspace.bundles / name, contents=replace(contents(seed=1), evaluation=rows, gates=gates))

    return write


@pytest.fixture
def stand(workspace, policy):
    return lambda bundle, best=Role.CHAMPION: standing_of(
        workspace, bundle, policy=policy, best=best, significance=0.05
    )


def test_a_refused_model_becomes_nothing(judged, stand):
    assert stand(judged("new", noise=0.1, passed=False)).role is None


def test_the_first_model_that_passes_becomes_champion(judged, policy, tmp_path):
    place = Workspace(tmp_path / "empty")
    found = standing_of(place, judged("new", noise=0.1), policy=policy, best=Role.CHAMPION, significance=0.05)
    assert found == Standing(Role.CHAMPION, "No sound bundle decided before.")


def test_a_model_that_ranks_as_well_takes_the_champions_place(judged, stand, workspace):
    judged("old", noise=0.11)
    set_champion(workspace, "old")
    found = stand(judged("new", noise=0.12))
    assert found.role is Role.CHAMPION
    assert "On 600 rows out of time for both" in found.sentence
    assert found.sentence.endswith("not significantly lower.")


def test_a_model_that_ranks_significantly_worse_becomes_challenger(judged, stand, workspace):
    judged("old", noise=0.1)
    set_champion(workspace, "old")
    found = stand(judged("new", noise=5.0))
    assert found.role is Role.CHALLENGER
    assert found.sentence.endswith(": significantly lower.")


def test_a_model_that_cannot_be_held_against_the_champion_becomes_challenger(judged, stand, workspace):
    judged("old", noise=0.1, splits=["development", "calibration", "test", "later", "later", "later"])
    set_champion(workspace, "old")
    found = stand(judged("new", noise=0.1))
    assert found.role is Role.CHALLENGER
    assert "No row was out of time for both" in found.sentence


def test_a_champion_without_log_odds_of_its_test_cannot_be_compared_with(judged, stand):
    assert stand(judged("new", noise=0.1)).role is Role.CHALLENGER


def test_a_model_that_shall_challenge_does_so_however_good_it_is(judged, stand, workspace):
    judged("old", noise=5.0)
    set_champion(workspace, "old")
    assert stand(judged("new", noise=0.1), Role.CHALLENGER).role is Role.CHALLENGER


def test_the_champion_trained_again_to_the_last_bit_stays_champion(judged, stand, workspace):
    bundle = judged("old", noise=0.1)
    set_champion(workspace, "old")
    assert stand(bundle, Role.CHALLENGER).role is Role.CHAMPION


def test_a_broken_champion_is_replaced(judged, stand, workspace):
    (workspace.bundles / "first" / "reference.parquet").unlink()
    assert stand(judged("new", noise=0.1)).role is Role.CHAMPION


def test_what_was_decided_is_told_to_the_registry_and_written(judged, workspace):
    told = []
    appoint(workspace, judged("new", noise=0.1), Standing(Role.CHAMPION, "Why."), version="5", registry=told.extend)
    appoint(workspace, judged("more", noise=0.2), Standing(Role.CHALLENGER, "Why."), version="6", registry=told.extend)
    assert (champion_of(workspace).folder_name, champion_of(workspace).registry_version) == ("new", "5")
    assert (challenger_of(workspace).folder_name, challenger_of(workspace).registry_version) == ("more", "6")
    assert (history_of(workspace)[-1].command, history_of(workspace)[-1].reason) == ("train", "Why.")
    assert told[-2:] == [AliasMove("tiny", "champion", "5"), AliasMove("tiny", "challenger", "6")]


def test_the_champion_stands_where_the_registry_cannot_be_reached(judged, workspace):
    def unreachable(moves):
        assert moves
        raise StoreError(where="MLflow", found="It cannot be reached.", fix="Start it.")

    with pytest.raises(StoreError):
        appoint(workspace, judged("new", noise=0.1), Standing(Role.CHAMPION, "Why."), version="5", registry=unreachable)
    assert champion_of(workspace).folder_name == "first"

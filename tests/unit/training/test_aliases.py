"""Aliases move in a real store, and nothing is made where there is none."""

import pytest

from creditscore.errors import StoreError
from creditscore.scoring import AliasMove
from creditscore_training.aliases import registry_at


@pytest.fixture(scope="module")
def uri(tmp_path_factory):
    return f"sqlite:///{tmp_path_factory.mktemp('mlruns') / 'mlflow.db'}"


@pytest.fixture(scope="module")
def client(uri):
    """A store with two versions of one registered model."""
    from mlflow.tracking import MlflowClient  # noqa: PLC0415 - heavy

    client = MlflowClient(uri)
    client.create_registered_model("tiny")
    for _ in range(2):
        client.create_model_version("tiny", source="file:///nowhere")
    return client


def aliases(client):
    return {alias: str(version) for alias, version in client.get_registered_model("tiny").aliases.items()}


def test_an_alias_goes_to_a_version_and_away_and_twice_is_as_once(client, uri):
    registry = registry_at(uri)
    for _ in range(2):
        registry([AliasMove("tiny", "challenger", None), AliasMove("tiny", "champion", "1")])
        assert aliases(client) == {"champion": "1"}
    registry([AliasMove("tiny", "champion", "2"), AliasMove("tiny", "challenger", "1")])
    assert aliases(client) == {"champion": "2", "challenger": "1"}


def test_a_model_that_the_registry_does_not_know_has_no_alias_to_lose(client, uri):
    before = aliases(client)
    registry_at(uri)([AliasMove("stranger", "champion", None)])
    assert aliases(client) == before


def test_a_version_that_the_registry_does_not_know_is_an_expected_failure(client, uri):
    before = aliases(client)
    with pytest.raises(StoreError, match="The workspace was not changed"):
        registry_at(uri)([AliasMove("tiny", "champion", "99")])
    assert aliases(client) == before


def test_no_store_is_made_where_there_is_none(tmp_path):
    with pytest.raises(StoreError, match="There is no store at the tracking URI"):
        registry_at(f"sqlite:///{tmp_path / 'mlflow.db'}")([AliasMove("tiny", "champion", "1")])
    assert not list(tmp_path.iterdir())


def test_a_server_that_does_not_answer_is_an_expected_failure(monkeypatch):
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_TIMEOUT", "2")
    with pytest.raises(StoreError, match="--without-registry"):
        registry_at("http://127.0.0.1:9")([AliasMove("tiny", "champion", "1")])

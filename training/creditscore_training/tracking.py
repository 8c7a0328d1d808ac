"""The record of an experiment in MLflow: what was tried, what came of it, and the registered model."""

import logging
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")  # read when mlflow is imported
os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")

import mlflow
import pandas as pd
from matplotlib.figure import Figure
from mlflow.exceptions import MlflowException
from mlflow.models import ModelSignature
from mlflow.models.model import ModelInfo
from mlflow.protos.databricks_pb2 import RESOURCE_DOES_NOT_EXIST, ErrorCode
from mlflow.tracking import MlflowClient
from mlflow.types import ColSpec, DataType, Schema

from creditscore import __version__
from creditscore.domain import pd_column
from creditscore.errors import StoreError
from creditscore.scoring import AliasMove, GateResult

DEFAULT_URI = "sqlite:///mlruns/mlflow.db"
SQLITE = "sqlite:///"
REGISTERED_CODE = Path(__file__).with_name("registered_model.py")
NOISY = ("mlflow", "alembic")


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What one run leaves behind.

    Parameters
    ----------
    name
        Name of the experiment and of the registered model.
    parameters
        Every choice of the recipe.
    tags
        What the run was made of: hashes and fingerprints.
    metrics
        What was found; missing ones are left out.
    tables
        Tables by file name.
    figures
        Figures by file name.
    gates
        What the gates said.
    bundle
        Folder of the bundle.
    example
        A few rows of the model's features, as doubles, without keys.
    horizon_months
        Horizon of the probability that the model gives.
    """

    name: str
    parameters: Mapping[str, str]
    tags: Mapping[str, str]
    metrics: Mapping[str, float]
    tables: Mapping[str, pd.DataFrame]
    figures: Mapping[str, Figure]
    gates: Sequence[GateResult]
    bundle: Path
    example: pd.DataFrame
    horizon_months: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Notes:
    """What a run without a model leaves behind: its experiment, and the parts that a :class:`Record` has too."""

    name: str
    parameters: Mapping[str, str]
    tags: Mapping[str, str]
    metrics: Mapping[str, float]
    tables: Mapping[str, pd.DataFrame]
    figures: Mapping[str, Figure]


@dataclass(frozen=True, slots=True)
class Registered:
    """Where the record is: the run, and the version of the registered model."""

    run_id: str
    version: str


def tracking_uri_or_default(tracking_uri: str | None) -> str:
    """Return the given URI, else ``MLFLOW_TRACKING_URI``, else SQLite in the folder ``mlruns``."""
    return tracking_uri or os.environ.get("MLFLOW_TRACKING_URI") or DEFAULT_URI


def register(record: Record, *, tracking_uri: str) -> Registered:
    """Write the record and register the model; aliases are moved by :func:`move_aliases`, once it is decided.

    Parameters
    ----------
    record
        What to write.
    tracking_uri
        MLflow's store. For a SQLite file, its folder is made and the artifacts live in ``artifacts`` beside it.

    Raises
    ------
    StoreError
        If MLflow cannot be reached or refuses the record.
    """
    with _speaking_for(tracking_uri):
        with mlflow.start_run(experiment_id=_experiment(record.name, tracking_uri)) as run:
            _log(record)
            version = _log_model(record)
        return Registered(run.info.run_id, version)


def record_run(record: Record | Notes, *, tracking_uri: str) -> str:
    """Write a record without a registered model, such as of a scenario model or a tuning, and return the run's id.

    Parameters
    ----------
    record, tracking_uri
        As for :func:`register`; a bundle is kept among the run's artifacts.

    Raises
    ------
    StoreError
        If MLflow cannot be reached or refuses the record.
    """
    with (
        _speaking_for(tracking_uri),
        mlflow.start_run(experiment_id=_experiment(record.name, tracking_uri)) as run,
    ):
        _log(record)
        return str(run.info.run_id)


def record_text(run_id: str, name: str, text: str, *, tracking_uri: str) -> None:
    """Add a text to the artifacts of a run that has ended, such as what became known only after it.

    Raises
    ------
    StoreError
        If MLflow cannot be reached or refuses the record.
    """
    with _speaking_for(tracking_uri):
        MlflowClient().log_text(run_id, text, name)


@contextmanager
def _speaking_for(tracking_uri: str) -> Iterator[None]:
    """Point MLflow to a store, and say in our words where it refuses."""
    try:
        with _store(tracking_uri):
            yield
    except MlflowException as error:
        raise StoreError(
            where="MLflow",
            found=f"It refused the record: {str(error).splitlines()[0]}",
            fix="Check MLFLOW_TRACKING_URI; the bundle is written, so training again repeats nothing but time.",
        ) from error


def move_aliases(moves: Sequence[AliasMove], *, tracking_uri: str) -> None:
    """Move aliases of registered models, those that go to a version before those that go away.

    A model that the registry does not know has no alias to lose.

    Raises
    ------
    MlflowException
        If MLflow cannot be reached, or does not know the model or the version.
    """
    with _store(tracking_uri):
        client = MlflowClient()
        for move in sorted(moves, key=lambda one: one.version is None):
            if move.version is not None:
                client.set_registered_model_alias(move.model, move.alias, move.version)
            elif _is_known(client, move.model):
                client.delete_registered_model_alias(move.model, move.alias)


@contextmanager
def _store(tracking_uri: str) -> Iterator[None]:
    """Point MLflow to a store and quieten it, and leave both as they were found."""
    if tracking_uri.startswith(SQLITE):
        Path(tracking_uri.removeprefix(SQLITE)).parent.mkdir(parents=True, exist_ok=True)
    levels = {name: logging.getLogger(name).level for name in NOISY}
    before = mlflow.get_tracking_uri() if mlflow.is_tracking_uri_set() else None
    named = os.environ.get("MLFLOW_TRACKING_URI")
    for name in NOISY:
        logging.getLogger(name).setLevel(logging.WARNING)
    mlflow.set_tracking_uri(tracking_uri)
    try:
        yield
    finally:
        mlflow.set_tracking_uri(before)
        _restore("MLFLOW_TRACKING_URI", named)
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)


def _restore(variable: str, value: str | None) -> None:
    os.environ.pop(variable, None)
    if value is not None:
        os.environ[variable] = value


def _experiment(name: str, tracking_uri: str) -> str:
    found = mlflow.get_experiment_by_name(name)
    if found is not None:
        return found.experiment_id
    return mlflow.create_experiment(name, artifact_location=_artifacts(name, tracking_uri))


def _artifacts(name: str, tracking_uri: str) -> str | None:
    """Return where a local store keeps its artifacts; a server decides for itself."""
    if not tracking_uri.startswith(SQLITE):
        return None
    return (Path(tracking_uri.removeprefix(SQLITE)).resolve().parent / "artifacts" / name).as_uri()


def _log_parts(parts: Record | Notes) -> None:
    mlflow.log_params(dict(parts.parameters))
    mlflow.set_tags(dict(parts.tags))
    mlflow.log_metrics({name: value for name, value in parts.metrics.items() if pd.notna(value)})
    for name, table in parts.tables.items():
        mlflow.log_text(table.to_csv(index=False), f"tables/{name}.csv")
    for name, figure in parts.figures.items():
        mlflow.log_figure(figure, f"plots/{name}.png", save_kwargs={"bbox_inches": "tight"})  # no label is cut off


def _log(record: Record | Notes) -> None:
    _log_parts(record)
    if isinstance(record, Notes):
        return
    mlflow.set_tag("gates_passed", str(all(gate.passed for gate in record.gates)).lower())
    mlflow.log_dict({"gates": [asdict(gate) for gate in record.gates]}, "gates.json")
    mlflow.log_artifacts(str(record.bundle), "bundle")


def _log_model(record: Record) -> str:
    doubles = Schema([ColSpec(DataType.double, name) for name in record.example.columns])
    answer = Schema([ColSpec(DataType.double, name) for name in (pd_column(record.horizon_months), "log_odds")])
    logged = mlflow.pyfunc.log_model(
        name="model",
        python_model=str(REGISTERED_CODE),
        artifacts={"bundle": str(record.bundle)},
        signature=ModelSignature(inputs=doubles, outputs=answer),
        input_example=record.example,
        pip_requirements=[f"creditscore[training]=={__version__}"],  # named, so that nothing is inferred
    )
    return _new_version(record.name, logged)


def _new_version(name: str, logged: ModelInfo) -> str:
    """Register a logged model through the client, which says nothing on the terminal."""
    client = MlflowClient()
    if not _is_known(client, name):
        client.create_registered_model(name)
    version = client.create_model_version(name, logged.model_uri, run_id=logged.run_id, model_id=logged.model_id)
    return str(version.version)


def _is_known(client: MlflowClient, name: str) -> bool:
    try:
        client.get_registered_model(name)
    except MlflowException as error:
        if error.error_code != ErrorCode.Name(RESOURCE_DOES_NOT_EXIST):
            raise
        return False
    return True

"""The bundle of a scenario model: what training hands to advice, with everything an answer needs and no pickle."""

import io
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import pandas as pd

from creditscore.advice.history import ASKED
from creditscore.advice.request import checked_purpose
from creditscore.domain import Purpose, Workspace
from creditscore.errors import ParameterError, UntrainedError
from creditscore.models import ScenarioModel, Support
from creditscore.scoring import LEARNED_UNTIL, code_version
from creditscore.scoring.files import sha256, whole_file, whole_folder
from creditscore.scoring.manifest import MANIFEST, broken, read_manifest, verified

SUPPORT, EVALUATION = "support.json", "evaluation.parquet"
FORMAT = 2
HASH_SHOWN = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioContents:
    """What training puts into the bundle of a scenario model.

    Parameters
    ----------
    purpose
        What is asked for.
    model, support
        The calibrated model and what it has seen.
    base_bundle_hash
        Hash of the bundle on whose log-odds it was trained.
    horizon_months
        Horizon of that bundle.
    min_history_days
        Days since the first invoice without which no request is measured.
    policy_hash
        Hash of the policy under which it was judged.
    training, metrics
        Where it comes from, and how good it is; finite numbers.
    evaluation
        The requests it was judged on, with outcomes.
    """

    purpose: Purpose
    model: ScenarioModel
    support: Support
    base_bundle_hash: str
    horizon_months: int
    min_history_days: int
    policy_hash: str
    training: Mapping[str, str]
    metrics: Mapping[str, float]
    evaluation: pd.DataFrame

    def __post_init__(self) -> None:
        checked_purpose(self.purpose)
        if self.model.n_features_in_ != len(ASKED) or not all(map(math.isfinite, self.metrics.values())):
            raise ParameterError(
                where="ScenarioContents",
                found=f"The model sees {self.model.n_features_in_} things asked, or a metric is not finite.",
                fix=f"Fit it on {' and '.join(ASKED)}, and leave out metrics that are missing.",
            )


@dataclass(frozen=True)
class ScenarioBundle:
    """An opened bundle of a scenario model whose every file is the one that was written.

    Parameters
    ----------
    folder
        Where it lives.
    manifest
        Content of ``manifest.json``.
    hash
        SHA-256 of ``manifest.json``, which holds that of every other file: the bundle's identity.
    """

    folder: Path
    manifest: Mapping[str, Any]
    hash: str

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Open the bundle in ``folder`` after comparing every file with the manifest.

        Raises
        ------
        BundleError
            If the manifest is missing or of another format, or a file is missing, altered or not in the manifest.
        """
        manifest, digest = read_manifest(folder, version=FORMAT)
        if manifest.get("asked") != list(ASKED):
            raise broken(
                folder, "It measures requests otherwise than this version.", fix="Train again with this version."
            )
        return cls(folder, manifest, digest)

    @property
    def purpose(self) -> Purpose:
        """What is asked for."""
        return Purpose(self.manifest["purpose"])

    @property
    def base_bundle_hash(self) -> str:
        """Hash of the bundle on whose log-odds it stands."""
        return str(self.manifest["base_bundle_hash"])

    @property
    def min_history_days(self) -> int:
        """Days since the first invoice without which no request is measured."""
        return int(self.manifest["min_history_days"])

    @property
    def learned_until(self) -> date | None:
        """Last day whose facts the model learned from; ``None`` where training did not say."""
        day = self.manifest["training"].get(LEARNED_UNTIL)
        return date.fromisoformat(day) if day else None

    @property
    def metrics(self) -> Mapping[str, float]:
        """Metrics of the model, out of time."""
        return dict(self.manifest["metrics"])

    @cached_property
    def model(self) -> ScenarioModel:
        """The model."""
        return ScenarioModel.load(self.folder)

    @cached_property
    def support(self) -> Support:
        """What the model has seen."""
        return Support.from_record(json.loads(verified(self.folder, SUPPORT, self.manifest)))

    def evaluation(self) -> pd.DataFrame:
        """Read the requests of development, calibration and test, with their outcomes."""
        return pd.read_parquet(io.BytesIO(verified(self.folder, EVALUATION, self.manifest)))


def write_scenario(workspace: Workspace, contents: ScenarioContents) -> ScenarioBundle:
    """Write a bundle under a name that ends in its own hash, in one step; the same bundle is written once.

    Raises
    ------
    StoreError
        If the disk is full or the folder cannot be written.
    """
    files = _files(contents)
    manifest = _manifest(contents, files)
    folder = workspace.scenarios / f"{contents.purpose}-{sha256(manifest)[:HASH_SHOWN]}"
    if not folder.exists():
        with whole_folder(folder) as draft:
            for name, content in {**files, MANIFEST: manifest}.items():
                (draft / name).write_bytes(content)
    return ScenarioBundle.open(folder)


def set_scenario(workspace: Workspace, bundle: ScenarioBundle) -> None:
    """Make a bundle the one that answers requests of its purpose, in one step."""
    entry = {"folder_name": bundle.folder.name, "bundle_hash": bundle.hash}
    with whole_file(_record(workspace, bundle.purpose)) as draft:
        draft.write_text(json.dumps(entry, indent=2) + "\n", "utf-8")


def open_scenario(workspace: Workspace, purpose: Purpose, *, base_bundle_hash: str) -> ScenarioBundle:
    """Open the bundle that answers requests of a purpose on top of a base bundle.

    Raises
    ------
    UntrainedError
        If none does, or it was trained on another base.
    BundleError
        If it is broken, or not the one that was chosen.
    """
    try:
        entry = json.loads(_record(workspace, purpose).read_text("utf-8"))
        name, digest = str(entry["folder_name"]), entry["bundle_hash"]
    except (OSError, ValueError, KeyError, TypeError) as cause:
        raise UntrainedError(
            where=f"scenario {purpose}",
            found="No scenario model answers yet.",
            fix=f"Train one with `creditscore train {purpose}`, gates passed.",
        ) from cause
    bundle = ScenarioBundle.open(workspace.scenarios / name)
    if bundle.hash != digest:
        raise broken(bundle.folder, "It is not the bundle that was chosen.")
    if bundle.base_bundle_hash != base_bundle_hash:
        raise UntrainedError(
            where=f"scenario {purpose}",
            found="It was trained on another champion than the one that decides now.",
            fix=f"Train it again with `creditscore train {purpose}`.",
        )
    return bundle


def _record(workspace: Workspace, purpose: Purpose) -> Path:
    return workspace.scenarios / f"{purpose}.json"


def _files(contents: ScenarioContents) -> dict[str, bytes]:
    support = json.dumps(contents.support.to_record(), allow_nan=False) + "\n"
    judged = contents.evaluation.to_parquet(index=False, compression="zstd")
    return {**contents.model.to_files(), SUPPORT: support.encode(), EVALUATION: judged}


def _manifest(contents: ScenarioContents, files: Mapping[str, bytes]) -> bytes:
    manifest = {
        "format": FORMAT,
        "purpose": str(contents.purpose),
        "horizon_months": contents.horizon_months,
        "base_bundle_hash": contents.base_bundle_hash,
        "asked": list(ASKED),
        "min_history_days": contents.min_history_days,
        "policy_hash": contents.policy_hash,
        "training": dict(sorted(contents.training.items())),
        "metrics": {name: float(value) for name, value in sorted(contents.metrics.items())},
        "code_version": code_version(),
        "files": {name: sha256(content) for name, content in sorted(files.items())},
    }
    return json.dumps(manifest, indent=2, ensure_ascii=False, allow_nan=False).encode() + b"\n"

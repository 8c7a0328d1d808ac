"""The bundle: the folder that training hands to scoring and serving, with everything a score needs and no pickle."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import pandas as pd

from creditscore.domain import Reason
from creditscore.features import Feature
from creditscore.models import CalibratedModel
from creditscore.outcomes import DefaultDefinition
from creditscore.scoring.contract import FeatureContract, resolved
from creditscore.scoring.gate_result import GateResult
from creditscore.scoring.manifest import read_manifest, verified

EVALUATION = "evaluation.parquet"
REFERENCE = "reference.parquet"
TESTED = "tested.parquet"
IMPORTANCE = "importance_"  # what stands before a feature's name in the metric that tells its importance
LEARNED_UNTIL = "learned_until"  # what training calls the last day whose facts it used
FORMAT = 2


@dataclass(frozen=True)
class Bundle:
    """An opened bundle whose every file is the one that was written.

    Parameters
    ----------
    folder
        Where it lives.
    manifest
        Content of ``manifest.json``.
    hash
        SHA-256 of ``manifest.json``, which holds the SHA-256 of every other file: the bundle's identity.
    offered
        Features to match by name before the shipped catalogue is asked; see :attr:`features`.
    """

    folder: Path
    manifest: Mapping[str, Any]
    hash: str
    offered: tuple[Feature, ...] = ()

    @classmethod
    def open(cls, folder: Path, *, features: Sequence[Feature] = ()) -> Self:
        """Open the bundle in ``folder`` after comparing every file with the manifest.

        Parameters
        ----------
        folder
            The bundle's folder.
        features
            Features of the user's own that the bundle was trained on and the shipped catalogue does not know.

        Raises
        ------
        BundleError
            If the manifest is missing or of another format, or a file is missing, altered or not in the manifest.
        """
        manifest, digest = read_manifest(folder, version=FORMAT)
        return cls(folder, manifest, digest, tuple(features))

    @property
    def name(self) -> str:
        """Name of the model."""
        return str(self.manifest["name"])

    @property
    def horizon_months(self) -> int:
        """Length of the outcome window in months."""
        return int(self.manifest["horizon_months"])

    @property
    def policy_hash(self) -> str:
        """Hash of the policy under which the model was judged."""
        return str(self.manifest["policy_hash"])

    @property
    def training(self) -> Mapping[str, str]:
        """Periods, book fingerprint, seed: where the model comes from."""
        return dict(self.manifest["training"])

    @property
    def learned_until(self) -> date | None:
        """Last day whose facts the model learned from; ``None`` where training did not say."""
        day = self.training.get(LEARNED_UNTIL)
        return date.fromisoformat(day) if day else None

    @property
    def metrics(self) -> Mapping[str, float]:
        """Metrics of the model on its evaluation periods."""
        return dict(self.manifest["metrics"])

    @property
    def gates(self) -> tuple[GateResult, ...]:
        """What each gate of training said; empty where none did, or where the bundle does not say."""
        return tuple(GateResult(**gate) for gate in self.manifest.get("gates", ()))

    @property
    def hyperparameters(self) -> Mapping[str, str]:
        """The choices of the fit that move the model; empty where training, or an older bundle, told none."""
        return dict(self.manifest.get("hyperparameters", {}))

    @property
    def importances(self) -> dict[str, float]:
        """Mean absolute push of each feature in log-odds, out of time, largest first; empty if training told none."""
        told = {n.removeprefix(IMPORTANCE): value for n, value in self.metrics.items() if n.startswith(IMPORTANCE)}
        return dict(sorted(told.items(), key=lambda entry: (-entry[1], entry[0])))

    @cached_property
    def contract(self) -> tuple[FeatureContract, ...]:
        """What the model wants of each feature, in the model's order."""
        return tuple(FeatureContract.of(record) for record in self.manifest["features"])

    @property
    def feature_names(self) -> tuple[str, ...]:
        """Names of the features, in the model's order."""
        return tuple(entry.name for entry in self.contract)

    @property
    def reasons(self) -> dict[str, Reason]:
        """Reason of each code that this bundle can give."""
        return {entry.reason.code: entry.reason for entry in self.contract}

    @cached_property
    def features(self) -> tuple[Feature, ...]:
        """The features themselves, in the model's order, to compute snapshots with.

        Raises
        ------
        BundleError
            If a feature is unknown or is no longer the one that the model was trained on.
        """
        return resolved(self.contract, offered=self.offered, where=f"bundle {self.folder.name!r}")

    @cached_property
    def model(self) -> CalibratedModel:
        """The calibrated model."""
        return CalibratedModel.load(self.folder)

    @cached_property
    def definition(self) -> DefaultDefinition:
        """The default definition that the model foretells."""
        entry = self.manifest["default_definition"]
        return DefaultDefinition(**{**entry, "events": tuple(entry["events"])})

    def evaluation(self) -> pd.DataFrame:
        """Read the scored rows of development, calibration and test, with their outcomes."""
        return self._frame(EVALUATION)

    def reference(self) -> pd.DataFrame:
        """Read the development rows that later snapshots are compared with."""
        return self._frame(REFERENCE)

    def tested(self) -> pd.DataFrame | None:
        """Read the features of the out-of-time customers when first observed; ``None`` where training kept none."""
        return self._frame(TESTED) if TESTED in self.manifest["files"] else None

    def _frame(self, name: str) -> pd.DataFrame:
        return pd.read_parquet(io.BytesIO(verified(self.folder, name, self.manifest)))

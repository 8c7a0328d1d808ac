"""How training lays down a bundle."""

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd

from creditscore.errors import BundleError, ParameterError, StoreError, some
from creditscore.features import Feature, to_record
from creditscore.models import CalibratedModel
from creditscore.outcomes import DefaultDefinition
from creditscore.scoring.bundle import EVALUATION, FORMAT, REFERENCE, TESTED, Bundle
from creditscore.scoring.code import code_version
from creditscore.scoring.files import sha256, whole_folder
from creditscore.scoring.gate_result import GateResult
from creditscore.scoring.manifest import MANIFEST


@dataclass(frozen=True, kw_only=True)
class BundleContents:
    """What training puts into a bundle.

    Parameters
    ----------
    name
        Name of the model.
    model
        The calibrated model.
    features
        The features in the order of the model.
    definition
        The default definition of its labels.
    policy_hash
        Hash of the policy under which it was judged.
    training
        Where it comes from: periods, book fingerprint, seed; texts, and no time of day.
    metrics
        Its metrics; finite numbers.
    evaluation
        The rows it was judged on, with outcomes and scores.
    reference
        Development rows that later snapshots are compared with.
    gates
        What each gate of training said; none where there was none.
    hyperparameters
        The choices of the fit that move the model, by name; texts.
    tested
        Features of the out-of-time customers when first observed; none where they are not kept.

    Raises
    ------
    ParameterError
        If the features are not those of the model, the horizons differ, or a metric is not finite.
    """

    name: str
    model: CalibratedModel
    features: tuple[Feature, ...]
    definition: DefaultDefinition
    policy_hash: str
    training: Mapping[str, str]
    metrics: Mapping[str, float]
    evaluation: pd.DataFrame
    reference: pd.DataFrame
    gates: tuple[GateResult, ...] = ()
    hyperparameters: Mapping[str, str] = field(default_factory=dict)
    tested: pd.DataFrame | None = None

    def __post_init__(self) -> None:
        names = tuple(feature.name for feature in self.features)
        if names != tuple(self.model.feature_names):
            raise ParameterError(
                where="BundleContents",
                found="The features are not those of the model in the model's order.",
                fix="Pass the features that the model was fitted on.",
            )
        if self.definition.horizon_months != self.model.horizon_months:
            raise ParameterError(
                where="BundleContents",
                found=f"The definition looks {self.definition.horizon_months} months ahead, the model "
                f"{self.model.horizon_months}.",
                fix="Fit the model on labels of the definition's horizon.",
            )
        broken = [name for name, value in self.metrics.items() if not math.isfinite(value)]
        if broken:
            raise ParameterError(
                where="BundleContents", found=f"The metrics {some(broken)} are not finite.", fix="Leave them out."
            )


def write_bundle(folder: Path, *, contents: BundleContents) -> Bundle:
    """Write a bundle in one step and open it; a killed write leaves no bundle, never half of one.

    The same contents give the same bytes and so the same hash. Writing them again returns the bundle that is there, and
    of two processes that write them at once the second finds its work done.

    Parameters
    ----------
    folder
        The bundle's own folder; its parent is made where there is none.
    contents
        What it holds.

    Raises
    ------
    BundleError
        If the folder holds another bundle already: a bundle never changes.
    StoreError
        If the disk is full or the folder cannot be written.
    """
    if not folder.exists():
        try:
            with whole_folder(folder) as draft:
                _fill(draft, contents)
            return Bundle.open(folder, features=contents.features)
        except StoreError:
            if not folder.is_dir():  # no other process has written it in the meantime
                raise
    return _written_before(folder, contents)


def _written_before(folder: Path, contents: BundleContents) -> Bundle:
    bundle = Bundle.open(folder, features=contents.features)
    with TemporaryDirectory() as again:
        same = _fill(Path(again), contents) == bundle.hash
    if not same:
        raise BundleError(
            where=f"bundle {folder.name!r}",
            found="There is another bundle of this name.",
            fix="Choose another name; a bundle never changes once it is written.",
        )
    return bundle


def _fill(folder: Path, contents: BundleContents) -> str:
    """Write every file, the manifest last, and return the bundle's hash."""
    contents.model.save(folder)
    frames = {EVALUATION: contents.evaluation, REFERENCE: contents.reference}
    if contents.tested is not None:
        frames[TESTED] = contents.tested
    for name, frame in frames.items():
        frame.to_parquet(folder / name, index=False, compression="zstd")
    files = {path.name: sha256(path.read_bytes()) for path in sorted(folder.iterdir())}
    content = json.dumps(_manifest(contents, files), indent=2, ensure_ascii=False, allow_nan=False).encode() + b"\n"
    (folder / MANIFEST).write_bytes(content)
    return sha256(content)


def _manifest(contents: BundleContents, files: Mapping[str, str]) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "name": contents.name,
        "horizon_months": contents.model.horizon_months,
        "features": [to_record(feature) for feature in contents.features],
        "default_definition": asdict(contents.definition),
        "default_definition_hash": contents.definition.hash,
        "policy_hash": contents.policy_hash,
        "training": dict(sorted(contents.training.items())),
        "metrics": {name: float(value) for name, value in sorted(contents.metrics.items())},
        "gates": [asdict(gate) for gate in contents.gates],
        "hyperparameters": dict(sorted(contents.hyperparameters.items())),
        "code_version": code_version(),
        "files": files,
    }

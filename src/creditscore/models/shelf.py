"""A model on disk: one JSON file and one file of arrays for each of its sets of trees."""

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from creditscore.errors import BundleError, ParameterError
from creditscore.models.calibration import Calibration, calibration_of
from creditscore.models.ranker import Blend, Ranker, TreeRanker, components
from creditscore.models.trees import Trees

MODEL_FILE = "model.json"
T = TypeVar("T")


def write_model(
    folder: Path, *, ranker: Ranker, calibration: Calibration, feature_names: Sequence[str], horizon_months: int
) -> None:
    """Write a model into ``folder``; equal models give equal bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    components = []
    for number, (weight, part) in enumerate(_weighed(ranker), start=1):
        name = f"trees_{number}.npz"
        (folder / name).write_bytes(part.trees.to_bytes())
        stand_ins = [None if np.isnan(value) else float(value) for value in part.stand_ins]
        components.append({"trees": name, "weight": weight, "link": part.link, "stand_ins": stand_ins})
    content = {
        "horizon_months": horizon_months,
        "feature_names": list(feature_names),
        "components": components,
        "calibration": calibration.to_record(),
    }
    (folder / MODEL_FILE).write_text(json.dumps(content, indent=2, allow_nan=False) + "\n", "utf-8")


def read_model(folder: Path, *, make: Callable[[Ranker, Calibration, Sequence[str], int], T]) -> T:
    """Read what :func:`write_model` wrote and make a model of it.

    Raises
    ------
    BundleError
        If a file is missing, is not what :func:`write_model` writes, or the files do not fit together.
    """
    content = _read(folder, MODEL_FILE)
    try:
        entry = json.loads(content)
        parts = [_component(folder, component) for component in entry["components"]]
        ranker = parts[0][1] if len(parts) == 1 else Blend(*zip(*[(one, w) for w, one in parts], strict=True))
        names = [str(name) for name in entry["feature_names"]]
        return make(ranker, calibration_of(entry["calibration"]), names, int(entry["horizon_months"]))
    except BundleError:
        raise
    except (ParameterError, KeyError, TypeError, ValueError, IndexError, AttributeError) as cause:
        raise _broken(f"{MODEL_FILE} and its arrays do not make a model.") from cause


def _weighed(ranker: Ranker) -> Iterator[tuple[float, TreeRanker]]:
    """Yield the trees of a ranker with their weights."""
    weights = ranker.weights if isinstance(ranker, Blend) else (1.0,)
    return zip(weights, components(ranker), strict=True)


def _component(folder: Path, entry: dict[str, Any]) -> tuple[float, TreeRanker]:
    name = str(entry["trees"])
    if Path(name).name != name:
        raise _broken(f"{MODEL_FILE} names arrays outside its folder.")
    stand_ins = np.array([np.nan if value is None else value for value in entry["stand_ins"]], dtype=np.float64)
    return float(entry["weight"]), TreeRanker(Trees.from_bytes(_read(folder, name)), stand_ins, entry["link"])


def _read(folder: Path, name: str) -> bytes:
    path = folder / name
    if not path.is_file():
        raise _broken(f"{name} is missing.")
    return path.read_bytes()


def _broken(found: str) -> BundleError:
    return BundleError(where="model", found=found, fix="Take the bundle's folder again from where it was trained.")

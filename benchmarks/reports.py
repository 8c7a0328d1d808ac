"""How long the accuracy report takes on a million scored rows, beside Evidently's classification preset.

Run: .venv/bin/python benchmarks/reports.py [CUSTOMERS]

Each customer is seen at twelve month ends: six of development, two of calibration, four of the test, and once more on a
scored day, so 77,000 customers make a million rows. What is timed begins with the rows in memory and ends with the
three files on disk. Evidently judges the test rows alone, at a threshold; it draws no intervals, segments or months.
Each report is made in a process of its own, so that its peak memory is its own.
"""

import resource
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from time import perf_counter, process_time

import numpy as np
import pandas as pd

from creditscore.features import catalogue, to_record
from creditscore.outcomes import DefaultDefinition
from creditscore.policy import Policy, load_policy
from creditscore.reporting import ScoredDays, accuracy_report, save_formats, with_colours
from creditscore.scoring import FeatureContract

FEATURES = tuple(feature.name for feature in catalogue()[:20])
CUSTOMERS, SEED, LINE = 77_000, 7, "{:<34} {:>9} {:>9} {:>9}"
SPLITS = ["development"] * 6 + ["calibration"] * 2 + ["test"] * 4


@dataclass
class MadeUp:
    """What the report reads of a bundle."""

    frame: pd.DataFrame
    policy_hash: str
    name: str = "made_up"
    hash: str = "0" * 64
    horizon_months: int = 12
    feature_names: tuple[str, ...] = FEATURES
    definition: DefaultDefinition = field(default_factory=lambda: DefaultDefinition(version="2024-1"))
    training: dict[str, str] = field(default_factory=dict)
    metrics: dict[str, float] = field(default_factory=dict)
    importances: dict[str, float] = field(default_factory=dict)

    def evaluation(self) -> pd.DataFrame:
        """Return the rows that are judged."""
        return self.frame

    def tested(self) -> pd.DataFrame:
        """Return made-up features of the tested customers when first observed."""
        test = self.frame[self.frame["split"] == "test"].drop_duplicates("customer_id")
        rng = np.random.default_rng(SEED)
        made = pd.DataFrame(rng.random((len(test), len(FEATURES))), columns=list(FEATURES), index=test.index)
        return test[["customer_id", "as_of"]].assign(drawn_flag=True).join(made)

    @property
    def contract(self) -> tuple[FeatureContract, ...]:
        """What is said of each feature."""
        return tuple(FeatureContract.of(to_record(feature)) for feature in catalogue()[: len(FEATURES)])

    @property
    def model(self) -> "MadeUp":
        """Return what explains a score."""
        return self

    def contributions(self, X: np.ndarray) -> np.ndarray:
        """Push by the values themselves."""
        return X


def rows(customers: int, policy: Policy) -> pd.DataFrame:
    rng = np.random.default_rng(SEED)
    days = pd.date_range("2022-01-31", periods=len(SPLITS), freq="ME").as_unit("ms")
    quality = rng.normal(-3.2, 1.4, customers)
    steady = {
        "customer_id": pd.Series([f"C{number:07d}" for number in range(customers)], dtype="str"),
        "industry_code": pd.Series(rng.choice([f"C{code:02d}" for code in range(15)], customers), dtype="str"),
        "region": pd.Series(rng.choice(["Anhui", "Beijing", "Hubei", "Jilin"], customers), dtype="str"),
    }
    parts = []
    for day, split in zip(days, SPLITS, strict=True):
        log_odds = quality + rng.normal(0, 0.3, customers)
        chance = 1 / (1 + np.exp(-log_odds))
        made = {
            "as_of": day,
            "split": split,
            "default_flag": (rng.random(customers) < chance).astype(float),
            "pd_12m": chance,
            "log_odds": log_odds,
            "pd_logistic": 1 / (1 + np.exp(-(log_odds + rng.normal(0, 1, customers)))),
            "pd_single": 1 / (1 + np.exp(-(log_odds + rng.normal(0, 2.5, customers)))),
            "exposure_amount": rng.integers(0, 10**9, customers),
        }
        parts.append(pd.DataFrame(steady | made))
    frame = pd.concat(parts, ignore_index=True)
    log_odds = frame["log_odds"].to_numpy()
    frame["score"] = policy.scale.score(log_odds)
    frame["grade"] = np.array(policy.master_scale.labels)[policy.master_scale.ranks(log_odds)]
    return with_colours(frame, policy)


def ours(frame: pd.DataFrame, policy: Policy, folder: Path) -> None:
    today = frame[frame["as_of"] == frame["as_of"].max()].assign(as_of=pd.Timestamp("2024-12-31").as_unit("ms"))
    days = pd.DataFrame({"as_of": [pd.Timestamp("2024-12-31")], "customer_count": [len(today)]})
    scored = ScoredDays(days=days, judged=today.assign(default_flag=np.nan), observed_until=date(2024, 12, 31))
    bundle = MadeUp(frame=frame, policy_hash=policy.hash)
    report = accuracy_report(bundle, policy=policy, scored=scored, currency="CNY")  # type: ignore[arg-type]
    save_formats(report, folder / "accuracy")


def evidently(frame: pd.DataFrame, _: Policy, folder: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from evidently import BinaryClassification, DataDefinition, Dataset, Report  # noqa: PLC0415
        from evidently.presets import ClassificationPreset  # noqa: PLC0415

    test = frame.loc[frame["split"] == "test", ["default_flag", "pd_12m"]].reset_index(drop=True)
    test["default_flag"] = test["default_flag"].astype(int)
    kind = BinaryClassification(target="default_flag", prediction_probas="pd_12m", pos_label=1)
    data = Dataset.from_pandas(test, data_definition=DataDefinition(classification=[kind]))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        Report([ClassificationPreset()]).run(data, None).save_html(str(folder / "evidently.html"))


MAKERS: dict[str, Callable[[pd.DataFrame, Policy, Path], None]] = {
    "creditscore, the whole report": ours,
    "Evidently's classification preset": evidently,
}


def timed(name: str, customers: int) -> None:
    policy = load_policy()
    frame = rows(customers, policy)
    with tempfile.TemporaryDirectory() as folder:
        begun, worked = perf_counter(), process_time()
        MAKERS[name](frame, policy, Path(folder))
        wall, work = perf_counter() - begun, process_time() - worked
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(LINE.format(name, f"{wall:.1f}", f"{work:.1f}", f"{peak:.2f}"), flush=True)


def main(customers: int) -> None:
    print(f"{customers * (len(SPLITS) + 1):,} rows")
    print(LINE.format("", "seconds", "CPU s", "peak GiB"), flush=True)
    for name in MAKERS:
        subprocess.run([sys.executable, __file__, str(customers), name], check=True)


if __name__ == "__main__":
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else CUSTOMERS
    if sys.argv[2:]:
        timed(sys.argv[2], wanted)
    else:
        main(wanted)

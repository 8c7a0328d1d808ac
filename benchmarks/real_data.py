"""How well the models rank on public data, beside what a user would pick instead, all in one run.

Run: .venv/bin/python benchmarks/real_data.py --data ../shared/data [--sba SBA_WORKSPACE] [--only german,hmeq]
     [--models "creditscore boosted trees,LightGBM"]

Ten stratified folds, the same for every model: Polish bankruptcies (``5year`` is one year ahead, ``1year`` five years),
German credit, HMEQ and Give Me Some Credit. With ``--sba`` also SBA 504 loans out of time: the workspace is what
``examples/sba_504/README.md`` makes, and the periods are those of its recipe. Settings are the same on all data, but
for the boosted trees, which choose one of three plans on folds within the rows they are taught. ``optbinning`` takes
part where it is installed; it is no part of this project's lock.
"""

import argparse
import gzip
import io
import time
import warnings
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import numpy as np
import pandas as pd
from lightgbm import LGBMClassifier
from sklearn.base import clone
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder

from creditscore import validation
from creditscore.models import BoostedTrees, MonotoneForest, RatioFeatures, Scorecard, logistic_baseline

FOLDS, INNER_FOLDS, SEED = 10, 3, 1
LINE = "{:<34} {:>8} {:>17} {:>9} {:>9}"
# Boosted trees are fitted by the one of three plans that ranks best on folds within the rows taught: few and noisy rows
# want the wary plan, many rows with sharp edges the eager one, figures from statements their ratios. The last two were
# settled on other folds of the Polish data.
BOOSTERS = 8
RATIOS = 45  # features that are paired
WARY = BoostedTrees(
    rounds=400, learning_rate=0.06, leaves=31, depth=8, min_leaf=10, l2=5.0, row_share=0.7, feature_share=0.3
)
EAGER = BoostedTrees(
    rounds=200,
    learning_rate=0.1,
    leaves=31,
    depth=8,
    min_leaf=20,
    l2=0.1,
    row_share=0.9,
    feature_share=1.0,
    split_share=0.8,
)
PAIRED = make_pipeline(
    RatioFeatures(most=RATIOS, seed=SEED), clone(EAGER).set_params(feature_share=0.1, split_share=1.0)
)
PLANS = (make_pipeline(WARY), make_pipeline(EAGER), PAIRED)
Rates = Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--sba", type=Path)
    parser.add_argument("--only", default="", help="data sets, by comma; all if none")
    parser.add_argument("--models", default="", help="models, by comma; all if none")
    given = parser.parse_args()
    warnings.simplefilter("ignore")  # optbinning and LightGBM warn of names that nobody gave
    wanted = [name for name in given.only.split(",") if name] or list(DATA)
    models = [name for name in given.models.split(",") if name] or list(MODELS)
    for name in wanted:
        X, y = DATA[name](given.data)
        print(f"\n{name}: {len(y):,} rows, {X.shape[1]} features, {y.mean():.1%} bad; {FOLDS} folds")
        show(folded(X, y, models), y)
    if given.sba:
        out_of_time(given.sba, models)


def polish(name: str) -> Callable[[Path], tuple[np.ndarray, np.ndarray]]:
    def read(folder: Path) -> tuple[np.ndarray, np.ndarray]:
        text = gzip.decompress((folder / "polish" / f"{name}.arff.gz").read_bytes()).decode()
        rows = text[text.lower().index("@data") + len("@data") :].strip()
        values = pd.read_csv(io.StringIO(rows), header=None, na_values="?").to_numpy(np.float64)
        return values[:, :-1], values[:, -1]

    return read


def german(folder: Path) -> tuple[np.ndarray, np.ndarray]:
    table = pd.read_csv(folder / "german" / "german.data", sep=" ", header=None)
    return one_hot(table.iloc[:, :-1]), (table.iloc[:, -1] == 2).to_numpy(np.float64)  # noqa: PLR2004 - bad


def hmeq(folder: Path) -> tuple[np.ndarray, np.ndarray]:
    table = pd.read_csv(folder / "hmeq" / "hmeq.csv")
    return one_hot(table.drop(columns="BAD")), table["BAD"].to_numpy(np.float64)


def give_me_some_credit(folder: Path) -> tuple[np.ndarray, np.ndarray]:
    with zipfile.ZipFile(folder / "gmsc" / "cs-training.csv.zip") as archive:
        table = pd.read_csv(archive.open("cs-training.csv"), index_col=0)
    return table.drop(columns="SeriousDlqin2yrs").to_numpy(np.float64), table["SeriousDlqin2yrs"].to_numpy(np.float64)


def one_hot(table: pd.DataFrame) -> np.ndarray:
    words = table.select_dtypes(exclude="number").columns
    told = OneHotEncoder(sparse_output=False).fit_transform(table[words].fillna("missing"))
    return np.column_stack([table.drop(columns=words).to_numpy(np.float64), told])


DATA: Mapping[str, Callable[[Path], tuple[np.ndarray, np.ndarray]]] = {
    "polish 5year": polish("5year"),
    "polish 1year": polish("1year"),
    "german": german,
    "hmeq": hmeq,
    "give me some credit": give_me_some_credit,
}


def forest(X: np.ndarray, y: np.ndarray, later: np.ndarray) -> np.ndarray:
    return (
        MonotoneForest(trees=300, leaves=128, depth=8, min_leaf=10, threads=1, seed=SEED).fit(X, y).default_rate(later)
    )


def boosted(X: np.ndarray, y: np.ndarray, later: np.ndarray) -> np.ndarray:
    """Take the plan of which one booster ranks best on three folds of the rows taught, and average eight by it."""
    plan = clone(max(PLANS, key=lambda one: inner_auc(one, X, y)))
    plan[-1].set_params(boosters=BOOSTERS)
    return defaulting(plan.fit(X, y), later)


def inner_auc(plan: Pipeline, X: np.ndarray, y: np.ndarray) -> float:
    folds = StratifiedKFold(INNER_FOLDS, shuffle=True, random_state=SEED).split(X, y)
    areas = [
        validation.auc(y[held], defaulting(clone(plan).fit(X[taught], y[taught]), X[held])).value
        for taught, held in folds
    ]
    return float(np.mean(areas))


def defaulting(model: Pipeline, X: np.ndarray) -> np.ndarray:
    return np.asarray(model.predict_proba(X)[:, 1])


def scorecard(X: np.ndarray, y: np.ndarray, later: np.ndarray) -> np.ndarray:
    return Scorecard(most_features=40).fit(X, y).default_rate(later)


def optbinning_card(X: np.ndarray, y: np.ndarray, later: np.ndarray) -> np.ndarray:
    from optbinning import BinningProcess  # noqa: PLC0415 - not in the lock
    from optbinning import Scorecard as Card  # noqa: PLC0415

    names = [f"x{place}" for place in range(X.shape[1])]
    card = Card(BinningProcess(names), LogisticRegression(max_iter=1_000))
    card.fit(pd.DataFrame(X, columns=names), y.astype(int))
    return np.asarray(card.predict_proba(pd.DataFrame(later, columns=names))[:, 1])


def by(make: Callable[[], object]) -> Rates:
    def rates(X: np.ndarray, y: np.ndarray, later: np.ndarray) -> np.ndarray:
        return np.asarray(make().fit(X, y.astype(int)).predict_proba(later)[:, 1])

    return rates


MODELS: Mapping[str, Rates] = {
    "creditscore boosted trees": boosted,
    "creditscore forest": forest,
    "creditscore scorecard": scorecard,
    "logistic regression": by(logistic_baseline),
    "scikit-learn forest": by(lambda: RandomForestClassifier(300, n_jobs=1, random_state=SEED)),
    "LightGBM": by(lambda: LGBMClassifier(verbose=-1, n_jobs=1, random_state=SEED)),
    "optbinning scorecard": optbinning_card,
}


def folded(X: np.ndarray, y: np.ndarray, models: list[str]) -> Iterator[tuple[str, np.ndarray, list[float], float]]:
    """Yield of each model its rates out of fold, the AUC of each fold, and the seconds of all fits."""
    folds = list(StratifiedKFold(FOLDS, shuffle=True, random_state=SEED).split(X, y))
    for name, rates in installed(models):
        out, areas, start = np.empty(len(y)), [], time.perf_counter()
        for taught, held in folds:
            out[held] = rates(X[taught], y[taught], X[held])
            areas.append(validation.auc(y[held], out[held]).value)
        yield name, out, areas, time.perf_counter() - start


def installed(models: list[str]) -> Iterator[tuple[str, Rates]]:
    for name in models:
        rates = MODELS[name]
        if rates is optbinning_card:
            try:
                import optbinning  # noqa: F401, PLC0415 - not in the lock
            except ImportError:
                continue
        yield name, rates


def show(found: Iterator[tuple[str, np.ndarray, list[float], float]], y: np.ndarray) -> None:
    print(LINE.format("", "mean AUC", "95 % interval", "Brier", "seconds"))
    for name, out, areas, seconds in found:
        mean, half = np.mean(areas), 2.262 * np.std(areas, ddof=1) / np.sqrt(FOLDS)  # Student's t of nine degrees
        brier = validation.brier(y, np.clip(out, 0, 1)).value
        interval = f"{mean - half:.4f} to {mean + half:.4f}"
        print(LINE.format(name, f"{mean:.4f}", interval, f"{brier:.4f}", f"{seconds:.0f}"), flush=True)


def out_of_time(workspace: Path, models: list[str]) -> None:
    """Fit every model on development and calibration of the SBA example, and judge it on the later loans."""
    from creditscore.book import Book  # noqa: PLC0415 - the folds do without
    from creditscore.features import feature_matrix  # noqa: PLC0415
    from creditscore_training.loading import load_recipe  # noqa: PLC0415
    from creditscore_training.panel import build_panel  # noqa: PLC0415
    from creditscore_training.splits import TEST, assign  # noqa: PLC0415

    recipe = load_recipe("examples/sba_504/recipe.py")
    panel = build_panel(Book.open(workspace / "book"), recipe)
    days = [day.date() for day in sorted(panel.frame["as_of"].unique())]
    rows = assign(panel.frame, recipe.periods.resolved(days))
    X, y = feature_matrix(rows, recipe.features), rows["default_flag"].to_numpy(np.float64)
    test = (rows["split"] == TEST).to_numpy()
    print(f"\nSBA 504, out of time: {test.sum():,} later loans, {y[test].mean():.1%} bad")
    print(LINE.format("", "AUC", "95 % interval", "Brier", "seconds"))
    for name, rates in installed(models):
        start = time.perf_counter()
        out = rates(X[~test], y[~test], X[test])
        area, brier = validation.auc(y[test], out), validation.brier(y[test], np.clip(out, 0, 1)).value
        seconds, interval = time.perf_counter() - start, f"{area.low:.4f} to {area.high:.4f}"
        print(LINE.format(name, f"{area.value:.4f}", interval, f"{brier:.4f}", f"{seconds:.0f}"), flush=True)


if __name__ == "__main__":
    main()

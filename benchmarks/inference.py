"""What a prediction costs: our walk through trees against LightGBM, scikit-learn, ONNX Runtime and Treelite.

Run: .venv/bin/python benchmarks/inference.py [ROWS]

Each model is fitted once by its own library on 100,000 rows of 60 features; then all walk the very same trees over ROWS
rows (200,000 by default), on two threads and one after the other in each round. Answers are compared before a time is
shown. ONNX Runtime (with onnxmltools and skl2onnx) and Treelite take part where they are installed; they are no part of
this project's lock.
"""

import sys
import time
from collections.abc import Callable, Mapping
from statistics import median

import lightgbm as lgb
import numpy as np
from sklearn.ensemble import RandomForestClassifier

from creditscore.models import TreeRanker, Trees, trees_of_lightgbm, trees_of_sklearn

THREADS, ROUNDS, TAUGHT, FEATURES = 2, 5, 100_000, 60
SINGLE, EXPLAINED = 2_000, 1_000
FOREST = {
    "boosting": "rf",
    "objective": "regression",
    "bagging_fraction": 0.632,
    "bagging_freq": 1,
    "feature_fraction_bynode": 0.3,
    "num_leaves": 48,
    "max_depth": 6,
}
BOOSTED = {"objective": "binary", "learning_rate": 0.05, "num_leaves": 16, "max_depth": 4}
LINE = "{:<34} {:>12} {:>14} {:>12} {:>16}"
Predict = Callable[[np.ndarray], np.ndarray]


def main(rows: int = 200_000) -> None:
    random = np.random.default_rng(1)
    X = random.normal(size=(TAUGHT, FEATURES)).astype(np.float32).astype(np.float64)
    risk = X[:, :12] @ random.normal(0, 0.4, 12) - 3
    y = (random.random(TAUGHT) < 1 / (1 + np.exp(-risk))).astype(int)
    batch = random.normal(size=(rows, FEATURES)).astype(np.float32).astype(np.float64)
    print(f"{rows:,} rows, {FEATURES} features, {THREADS} threads, medians of {ROUNDS} rounds")
    compare_with_lightgbm("LightGBM forest, 200 x 48 leaves", grown(X, y, FOREST, 200), batch)
    compare_with_lightgbm("LightGBM boosted, 300 x 16 leaves", grown(X, y, BOOSTED, 300), batch)
    compare_with_sklearn(X, y, batch)


def grown(X: np.ndarray, y: np.ndarray, parameters: Mapping[str, object], trees: int) -> lgb.Booster:
    chosen = {**parameters, "min_data_in_leaf": 50, "verbose": -1, "num_threads": THREADS}
    return lgb.train(chosen, lgb.Dataset(X, y, params=chosen), trees)


def compare_with_lightgbm(title: str, booster: lgb.Booster, batch: np.ndarray) -> None:
    trees = trees_of_lightgbm(booster)
    averaged = booster.params.get("boosting") == "rf"  # ONNX's converter does not know of it
    theirs: dict[str, Predict] = {
        "creditscore": lambda X: trees.sums(X, threads=THREADS),
        "LightGBM": lambda X: booster.predict(X, raw_score=True, num_threads=THREADS),
        **treelite_of(booster, times=len(trees) if averaged else 1),
        **({} if averaged else onnx_of_lightgbm(booster)),
    }
    show(title, theirs, batch)
    explain(trees, booster, batch[:EXPLAINED])


def compare_with_sklearn(X: np.ndarray, y: np.ndarray, batch: np.ndarray) -> None:
    forest = RandomForestClassifier(300, min_samples_leaf=50, n_jobs=THREADS, random_state=0).fit(X, y)
    trees = trees_of_sklearn(forest)
    many = len(trees)
    theirs: dict[str, Predict] = {
        "creditscore": lambda X: trees.sums(X, threads=THREADS) / many,
        "scikit-learn": lambda X: forest.predict_proba(X)[:, 1],
        **onnx_of_sklearn(forest),
    }
    show(f"scikit-learn forest, {many} trees, {len(trees.feature) // many} nodes each", theirs, batch)


def show(title: str, predictions: Mapping[str, Predict], batch: np.ndarray) -> None:
    ours = predictions["creditscore"](batch)
    apart = {name: float(np.abs(predict(batch) - ours).max()) for name, predict in predictions.items()}
    taken: dict[str, list[float]] = {name: [] for name in predictions}
    for _ in range(ROUNDS):
        for name, predict in predictions.items():
            taken[name].append(seconds(lambda predict=predict: predict(batch)))
    fastest = median(taken["creditscore"])
    print()
    print(LINE.format(title[:34], "rows/s", "times ours", "one row, us", "largest distance"))
    for name, predict in predictions.items():
        rate, ratio = len(batch) / median(taken[name]), median(taken[name]) / fastest
        print(LINE.format(name, f"{rate:,.0f}", f"{ratio:.2f}", f"{single(predict, batch):.0f}", f"{apart[name]:.1e}"))


def explain(trees: Trees, booster: lgb.Booster, rows: np.ndarray) -> None:
    ranker = TreeRanker(trees, np.full(FEATURES, np.nan), "log_odds")
    ranker.attributions(rows[:1])  # the tables are made once
    many = np.tile(rows, (20, 1))
    ours = len(many) / seconds(lambda: ranker.attributions(many))
    theirs = len(rows) / seconds(lambda: booster.predict(rows, pred_contrib=True, num_threads=1))
    print(f"exact attributions, one thread: {ours:,.0f} rows/s, {ours / theirs:.0f} times LightGBM's {theirs:,.0f}")


def single(predict: Predict, batch: np.ndarray) -> float:
    """Return the microseconds that one row takes."""
    rows = [batch[[place]] for place in range(SINGLE // 10)]
    return median(seconds(lambda row=row: predict(row)) for row in rows) * 1e6


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def treelite_of(booster: lgb.Booster, *, times: int) -> dict[str, Predict]:
    try:
        import treelite  # noqa: PLC0415
    except ImportError:
        return {}
    model = treelite.frontend.from_lightgbm(booster)
    predict = treelite.gtil.predict
    return {"Treelite GTIL": lambda X: times * predict(model, X, nthread=THREADS, pred_margin=True).ravel()}


def onnx_of_lightgbm(booster: lgb.Booster) -> dict[str, Predict]:
    try:
        import onnxruntime  # noqa: PLC0415
        from onnxmltools import convert_lightgbm  # noqa: PLC0415
        from onnxmltools.convert.common.data_types import FloatTensorType  # noqa: PLC0415
    except ImportError:
        return {}
    shape = [("X", FloatTensorType([None, FEATURES]))]
    graph = convert_lightgbm(booster, initial_types=shape, zipmap=False, target_opset=15)
    return {"ONNX Runtime (32 bits, probability)": running(onnxruntime, graph, logit=True)}


def onnx_of_sklearn(forest: RandomForestClassifier) -> dict[str, Predict]:
    try:
        import onnxruntime  # noqa: PLC0415
        from skl2onnx import to_onnx  # noqa: PLC0415
    except ImportError:
        return {}
    graph = to_onnx(forest, np.zeros((1, FEATURES), np.float32), options={"zipmap": False}, target_opset=15)
    return {"ONNX Runtime (32 bits)": running(onnxruntime, graph, logit=False)}


def running(onnxruntime: object, graph: object, *, logit: bool) -> Predict:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = THREADS
    options.log_severity_level = 3  # it warns of the shape of a label that nobody reads
    session = onnxruntime.InferenceSession(graph.SerializeToString(), options, providers=["CPUExecutionProvider"])
    name = session.get_inputs()[0].name

    def predict(X: np.ndarray) -> np.ndarray:
        found = session.run(None, {name: X.astype(np.float32)})[1][:, 1].astype(np.float64)
        return np.log(found / (1 - found)) if logit else found

    return predict


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:2]))

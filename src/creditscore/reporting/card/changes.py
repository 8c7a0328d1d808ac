"""What is new against the bundle before: features, windows, definition, metrics, hyperparameters."""

from collections.abc import Iterator, Mapping

import pandas as pd

from creditscore.domain import Text, kept, several, text
from creditscore.reporting.card.markdown import Part
from creditscore.reporting.card.quality import METRICS
from creditscore.reporting.sections.wording import counted
from creditscore.scoring import Bundle

WINDOWS = (
    *("development_first_on", "development_last_on"),
    *("calibration_first_on", "calibration_last_on"),
    *("test_first_on", "test_last_on"),
)
MOST_NAMED = 12


def changes(bundle: Bundle, before: Bundle) -> tuple[Part, ...]:
    """Return what differs between two bundles, the second one the earlier."""
    return (
        tuple(_sentences(bundle, before))
        or ("Features, windows, definition, policy and hyperparameters are the same.",),
        "Each bundle's metrics are those of its own test; `creditscore models compare` holds both to the same rows.",
        _metric_changes(bundle.metrics, before.metrics),
    )


def _sentences(bundle: Bundle, before: Bundle) -> Iterator[Text]:
    yield from _feature_changes(bundle, before)
    yield from _differences("window", _windows(bundle), _windows(before))
    yield from _differences("hash", _hashes(bundle), _hashes(before))
    yield from _differences("hyperparameter", _choices(bundle), _choices(before))


def _feature_changes(bundle: Bundle, before: Bundle) -> Iterator[Text]:
    now, then = ({one.name: one for one in each.contract} for each in (bundle, before))
    yield from _named("added", [name for name in now if name not in then])
    yield from _named("removed", [name for name in then if name not in now])
    kept = [name for name in now if name in then]
    changed = [
        name
        for name in kept
        if (now[name].family, now[name].unit, now[name].risk) != (then[name].family, then[name].unit, then[name].risk)
    ]
    yield from _named("with another family, unit or direction", changed)


def _named(what: str, names: list[str]) -> Iterator[Text]:
    if names:
        yield text(
            "{features} {what}: {names}.",
            features=counted(len(names), "feature"),
            what=what,
            names=several(names, most=MOST_NAMED),
        )


def _hashes(bundle: Bundle) -> dict[str, str]:
    return {"default definition": bundle.definition.hash[:12], "policy": bundle.policy_hash[:12]}


def _choices(bundle: Bundle) -> dict[str, str]:
    return {kept(name): value for name, value in bundle.hyperparameters.items()}


def _windows(bundle: Bundle) -> dict[str, str]:
    return {name.replace("_", " "): bundle.training[name] for name in WINDOWS if name in bundle.training}


def _differences(kind: str, now: Mapping[str, str], then: Mapping[str, str]) -> Iterator[Text]:
    for name in sorted({*now, *then}):
        if now.get(name) != then.get(name):
            before, after = (kept(one[name]) if name in one else "not told" for one in (then, now))
            yield text("{kind}: {name} was {before}, is {now}.", kind=kind, name=name, before=before, now=after)


def _metric_changes(now: Mapping[str, float], then: Mapping[str, float]) -> pd.DataFrame:
    rows = [
        {"metric": words, "before": then.get(name), "now": now.get(name), "difference": _difference(now, then, name)}
        for name, words in METRICS.items()
        if name in now or name in then
    ]
    return pd.DataFrame(rows, columns=["metric", "before", "now", "difference"]).astype(
        {"before": "float64", "now": "float64", "difference": "float64"}
    )


def _difference(now: Mapping[str, float], then: Mapping[str, float], name: str) -> float | None:
    return now[name] - then[name] if name in now and name in then else None

"""Whether scores and grades stand where they stood at development, and rank as they did."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from creditscore.domain import Text, Verdict, joined, text
from creditscore.errors import ParameterError
from creditscore.monitoring import DriftLimits
from creditscore.policy import Policy
from creditscore.reporting.charts import Axis, Bars, Chart, Figure, Line, Points, Tone
from creditscore.reporting.document import Section, gravest
from creditscore.reporting.evidence import Evidence
from creditscore.reporting.formats import number
from creditscore.reporting.sections.wording import with_p_value
from creditscore.validation import Psi, auc_on_grades, concentration, current_against_initial_auc, psi, psi_categorical

QUESTION = "Is it stable?"
DEVELOPMENT, TEST = "development", "test"
MISSING = "missing"
LIMITS = DriftLimits()
COLUMNS = ["measure", "before", "now", "before_value", "value", "by_chance", "tolerated", "p_value", "verdict"]
SOURCE = "source"
READ_AS = (
    "An index says that the customers changed, not that the score is wrong. The test of concentration has little "
    "power: even everybody in one grade need not be significant, so read its value (0 evenly spread, 1 all in one "
    "grade)."
)
TONES = (Tone.QUIET, Tone.MAIN, Tone.OTHER)


@dataclass(frozen=True, slots=True)
class Sample:
    """Customers of one time, each once: their scores and grades."""

    name: str
    rows: pd.DataFrame

    def grades(self, labels: Sequence[str]) -> "pd.Series[int]":
        """Return how many customers hold each grade, best first, those without one last."""
        counted = self.rows["grade"].astype("object").fillna(MISSING).value_counts()
        return counted.reindex([*labels, MISSING], fill_value=0)


def stability_section(evidence: Evidence, *, policy: Policy, graded: pd.DataFrame | None = None) -> Section:
    """Answer whether scores and grades moved, crowded together, or rank worse than they did.

    Parameters
    ----------
    evidence
        The evaluation frame.
    policy
        Its master scale gives the grades.
    graded
        The last scored day of each month as :class:`creditscore.reporting.ScoredDays` has it.
    """
    samples = _samples(evidence, graded)
    labels = policy.master_scale.labels
    tested = samples[TEST]
    method = text(
        "Population stability index of the score, in the deciles of development, and of the grades, missing values a "
        "bin of their own, beside what sampling alone would give, (B - 1)(1/N + 1/M) (Yurdakul, Naranjo 2020); each "
        "customer once a period. To review above the larger of {most:g} and {multiple:g} times "
        "what sampling gives, which is policy. Concentration over grades (ECB 2019, 2.5.5.3) and AUC on grades (2.5.4) "
        "are tested against the out-of-time test; p below {limit:g} asks for a review, which "
        "is policy too: the ECB sets no thresholds and has no stability index among its tests of PD.",
        most=LIMITS.psi,
        multiple=LIMITS.chance_multiple,
        limit=evidence.lights.review_p_value,
    )
    if min(len(sample.rows) for sample in samples.values()) == 0:
        return Section(question=QUESTION, verdict=Verdict.UNKNOWN, answer="A period has no row.", method=method)
    now = list(samples)[-1]
    rows = [row for name in list(samples)[1:] for row in _moved(samples[DEVELOPMENT], samples[name], labels)]
    initial = tested if now != TEST else samples[DEVELOPMENT]
    rows += _crowded(initial, samples[now], labels, evidence)
    rows += _ranked(tested, graded, labels, evidence)
    table = pd.DataFrame(rows, columns=[*COLUMNS, SOURCE])
    table["now"] = pd.Series([row["now"] for row in rows], dtype=object)  # some are sentences
    return Section(
        question=QUESTION,
        verdict=gravest(Verdict(light) for light in table["verdict"]),
        answer=_answer(table, now),
        table=table,
        method=method,
        figure=_figure(samples, labels),
        note=joined(
            [
                READ_AS,
                "" if graded is not None else "No day has been scored yet, so the out-of-time test is the latest.",
            ]
        ),
    )


def _samples(evidence: Evidence, graded: pd.DataFrame | None) -> Mapping[str, Sample]:
    """Return development, test and, where there is one, the last scored day, in this order."""
    development = evidence.frame[evidence.frame["split"] == DEVELOPMENT].sort_values(["as_of", "customer_id"])
    found = {DEVELOPMENT: development.drop_duplicates("customer_id"), TEST: evidence.cohort}
    if graded is not None:
        last = graded["as_of"].max()
        found[f"{last:%Y-%m-%d}"] = graded[(graded["as_of"] == last) & ~graded["in_default_flag"]]
    return {name: Sample(name, rows) for name, rows in found.items()}


def _moved(before: Sample, now: Sample, labels: Sequence[str]) -> list[dict[str, object]]:
    indices = {
        "PSI of the score": psi(before.rows["score"], now.rows["score"]),
        "PSI of the grades": psi_categorical(before.grades(labels), now.grades(labels)),
    }
    return [_psi_row(name, index, before, now) for name, index in indices.items()]


def _psi_row(measure: str, index: Psi, before: Sample, now: Sample) -> dict[str, object]:
    tolerated = LIMITS.tolerated_psi(index.expected)
    return {
        "measure": measure,
        "before": before.name,
        "now": now.name,
        "value": index.value,
        "by_chance": index.expected,
        "tolerated": tolerated,
        "p_value": index.p_value,
        "verdict": str(Verdict.REVIEW if index.value > tolerated else Verdict.PASS),
        "source": "Yurdakul, Naranjo 2020",
    }


def _crowded(before: Sample, now: Sample, labels: Sequence[str], evidence: Evidence) -> list[dict[str, object]]:
    try:
        found = concentration(now.grades(labels)[list(labels)], before.grades(labels)[list(labels)])
    except ParameterError:  # a sample in which nobody has a grade
        return []
    return [
        {
            "measure": "concentration over grades",
            "before": before.name,
            "now": now.name,
            "before_value": found.initial,
            "value": found.current,
            "p_value": found.p_value,
            "verdict": _light(found.p_value, evidence),
            "source": "ECB 2019, 2.5.5.3",
        }
    ]


def _ranked(
    tested: Sample, graded: pd.DataFrame | None, labels: Sequence[str], evidence: Evidence
) -> list[dict[str, object]]:
    """Compare the AUC on grades with that of the test, where enough scored customers have an outcome."""
    if graded is None:
        return []
    known = graded[graded["default_flag"].notna() & ~graded["in_default_flag"]]
    known = known.sort_values(["as_of", "customer_id"]).drop_duplicates("customer_id")
    defaults = [int(rows["default_flag"].sum()) for rows in (known, tested.rows)]
    others = [len(rows) - count for rows, count in zip((known, tested.rows), defaults, strict=True)]
    if min(*defaults, *others) < evidence.lights.fewest_defaults:
        return []
    initial = auc_on_grades(*_counts(tested.rows, labels))
    found = current_against_initial_auc(*_counts(known, labels), initial_auc=initial.value)
    return [
        {
            "measure": "AUC on grades",
            "before": tested.name,
            "now": text(
                "daily scores of {first} to {last}",
                first=f"{known['as_of'].min():%Y-%m}",
                last=f"{known['as_of'].max():%Y-%m}",
            ),
            "before_value": found.initial,
            "value": found.current,
            "p_value": found.p_value,
            "verdict": _light(found.p_value, evidence),
            "source": "ECB 2019, 2.5.4",
        }
    ]


def _counts(rows: pd.DataFrame, labels: Sequence[str]) -> tuple["pd.Series[int]", "pd.Series[float]"]:
    """Return customers and defaults of each grade."""
    flag, order = rows.groupby("grade", observed=True)["default_flag"], list(labels)
    return flag.size().reindex(order, fill_value=0), flag.sum().reindex(order, fill_value=0.0)


def _light(p_value: float, evidence: Evidence) -> str:
    return str(Verdict.REVIEW if p_value < evidence.lights.review_p_value else Verdict.PASS)


def _answer(table: pd.DataFrame, now: str) -> Text:
    rows = table[table["now"] == now].to_dict("records")
    moved = [row for row in rows if str(row["measure"]).startswith("PSI")]
    since = "the last scored day" if now != TEST else "the out-of-time test"
    told = text("From development to {since}: {told}.", since=since, told=joined([*map(_index, moved)], ", "))
    compared = table[table["before_value"].notna()].to_dict("records")
    return joined([told, *map(_compared, compared)])


def _index(row: Mapping[Hashable, Any]) -> Text:
    return text(
        "{measure} {value} ({chance} by chance)",
        measure=row["measure"],
        value=number(row["value"]),
        chance=number(row["by_chance"]),
    )


def _compared(row: Mapping[Hashable, Any]) -> Text:
    measure = str(row["measure"])
    return text(
        "{measure}: {value}, {before_value} in {before} ({p}).",
        measure=Text(f"{measure[0].upper()}{measure[1:]}", template=measure, values={}),
        value=number(row["value"]),
        before_value=number(row["before_value"]),
        before=row["before"],
        p=with_p_value(row["p_value"]),
    )


def _figure(samples: Mapping[str, Sample], labels: Sequence[str]) -> Figure:
    shares = {name: sample.grades(labels) / len(sample.rows) for name, sample in samples.items()}
    if not any(own[MISSING] > 0 for own in shares.values()):
        shares = {name: own.drop(MISSING) for name, own in shares.items()}
    ticks = [str(name) for name in shares[DEVELOPMENT].index]
    places = [float(place) for place in range(len(ticks))]
    first, *later = shares
    chart = Chart(
        title="Customers by grade",
        description="Share of customers in each grade in development, in the test and on the last scored day.",
        x=Axis(label="Grade, best first", ticks=ticks),
        y=Axis(label="Share of customers", percent=True, low=0),
        layers=(
            Bars(x=places, height=shares[first].tolist(), label=first, tone=Tone.PALE),
            *(
                layer
                for name, tone in zip(later, TONES[1:], strict=False)
                for layer in (
                    Line(x=places, y=shares[name].tolist(), tone=tone),
                    Points(x=places, y=shares[name].tolist(), label=name, tone=tone),
                )
            ),
        ),
    )
    return Figure(charts=(chart,))

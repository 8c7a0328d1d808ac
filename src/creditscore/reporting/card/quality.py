"""How good the model is, with intervals, and where it is not."""

from collections.abc import Iterator, Mapping

import pandas as pd

from creditscore.domain import Text, Verdict, kept, text
from creditscore.policy import Policy
from creditscore.reporting.card.gate_sentences import heard
from creditscore.reporting.card.markdown import Part
from creditscore.reporting.card.words import CardWords
from creditscore.reporting.document import BADGES, Section
from creditscore.reporting.evidence import Evidence
from creditscore.reporting.sections.calibration import grades_section, level_section
from creditscore.reporting.sections.months import months_section
from creditscore.reporting.sections.ranking import comparison_section, ranking_section
from creditscore.reporting.sections.segments import segment_section
from creditscore.scoring import Bundle, GateResult

METRICS: Mapping[str, str] = {
    "auc_test": "AUC, out of time",
    "auc_test_unseen": "AUC, customers never seen before",
    "auc_development": "AUC, development (seen in training)",
    "auc_test_logistic": "AUC of a logistic regression",
    "auc_test_single": "AUC of the best single feature",
    "gini_test": "Gini",
    "ks_test": "KS",
    "brier_test": "Brier score",
    "log_loss_test": "log loss",
    "calibration_slope_test": "calibration slope",
    "calibration_in_the_large_test": "calibration in the large",
    "ece_test": "expected calibration error",
    "score_psi_test": "PSI of the score, development to test",
}
COUNTED = "The table counts every row of the test; the sentences count each customer once, when first observed in it."
OUT_OF_SCOPE = (
    "Natural persons and consumer credit: it has learned from companies' trade credit alone.",
    "Customers in default already: none was learned from, and they are red without it.",
    "Another horizon, or another definition of default, than those named above.",
    "A portfolio, country or currency that it has not learned from, before it was validated there.",
    "A sole ground for a refusal: it informs decisions under the policy, and its reasons go with it.",
)


def performance(bundle: Bundle, evidence: Evidence) -> tuple[Part, ...]:
    """Return the metrics with their intervals and the sentences of the report on ranking."""
    said = _told([ranking_section(evidence), comparison_section(evidence)])
    return metric_table(bundle.metrics), COUNTED, tuple(said)


def metric_table(metrics: Mapping[str, float]) -> pd.DataFrame:
    """Return the metrics that a bundle tells, with 95 % intervals where it tells any.

    >>> metric_table({"auc_test": 0.8, "auc_test_low": 0.7, "auc_test_high": 0.9})["value"].tolist()
    [0.8]
    """
    rows = [
        {"metric": words, "value": metrics[name], **{side: metrics.get(f"{name}_{side}") for side in ("low", "high")}}
        for name, words in METRICS.items()
        if name in metrics
    ]
    return pd.DataFrame(rows, columns=["metric", "value", "low", "high"])


def calibration(evidence: Evidence, *, policy: Policy) -> tuple[str, ...]:
    """Return whether the level of the PD holds, on the whole and by grade."""
    level, grades = level_section(evidence), grades_section(evidence, policy=policy)
    return (*_told([level, grades]), *(note for note in (level.note,) if note))


def limits(evidence: Evidence, words: CardWords) -> tuple[str, ...]:
    """Return where the model must not be used, which months are immature, and which segments are weak."""
    return (*OUT_OF_SCOPE, *words.not_for, *_weaknesses(evidence))


def gates(bundle: Bundle) -> Part:
    """Return what each gate of training said."""
    return tuple(map(_gate, bundle.gates)) or "The bundle does not say what its gates said."


def _gate(gate: GateResult) -> Text:
    parts = {"name": kept(gate.name), "sentence": heard(gate.sentence)}
    return text("{name}: passed. {sentence}", **parts) if gate.passed else text("{name}: refused. {sentence}", **parts)


def _weaknesses(evidence: Evidence) -> Iterator[Text]:
    yield from _told([months_section(evidence)])
    for column, noun in (("industry_code", "industry"), ("region", "region")):
        section = segment_section(evidence, column=column, noun=noun)
        yield text("By {noun}: {badge}. {answer}", noun=noun, badge=BADGES[section.verdict], answer=section.answer)
    if not evidence.speaks:
        yield text("{badge}. {answer}", badge=BADGES[Verdict.UNKNOWN], answer=evidence.silence)


def _told(sections: list[Section]) -> list[Text]:
    return [
        text("{question} {badge}. {answer}", question=one.question, badge=BADGES[one.verdict], answer=one.answer)
        for one in sections
    ]

"""Remedies as sentences, in English and Chinese."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from creditscore.policy.colours import BEST_FIRST
from creditscore.scoring.improvements.results import Counterfactual, Outcome, Remedy
from creditscore.scoring.wording import COLOURS, Line, amount_text, points_text, score_text

REMEDIES: Final[Mapping[str, Mapping[Remedy, str]]] = {
    "en": {
        Remedy.COLLECT_OVER_90D: "Collect the {amount} that is more than 90 days past due ({invoices})",
        Remedy.COLLECT_OVER_60D: "Collect the {amount} that is more than 60 days past due ({invoices})",
        Remedy.COLLECT_OVER_30D: "Collect the {amount} that is more than 30 days past due ({invoices})",
        Remedy.COLLECT_OVERDUE: "Collect the {amount} that is past due ({invoices})",
        Remedy.COLLECT_HALF: "Collect half of what is open, {amount}, the oldest first ({invoices})",
        Remedy.COLLECT_ALL: "Collect all that is open, {amount} ({invoices})",
        Remedy.SETTLE_DISPUTES: "Settle the disputes over {amount} ({invoices})",
        Remedy.RELEASE_GUARANTEES: "Have the guarantees for others released, {amount} ({count} in all)",
    },
    "zh": {
        Remedy.COLLECT_OVER_90D: "收回逾期超过 90 天的 {amount}（{invoices}）",
        Remedy.COLLECT_OVER_60D: "收回逾期超过 60 天的 {amount}（{invoices}）",
        Remedy.COLLECT_OVER_30D: "收回逾期超过 30 天的 {amount}（{invoices}）",
        Remedy.COLLECT_OVERDUE: "收回已逾期的 {amount}（{invoices}）",
        Remedy.COLLECT_HALF: "按到期先后收回未结余额的一半，即 {amount}（{invoices}）",
        Remedy.COLLECT_ALL: "收回全部未结余额 {amount}（{invoices}）",
        Remedy.SETTLE_DISPUTES: "解决涉及 {amount} 的争议（{invoices}）",
        Remedy.RELEASE_GUARANTEES: "解除对外担保 {amount}（共 {count} 笔）",
    },
}
WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "title": "{customer}: score {score} on {day}",
        "none": "No remedy of the catalogue would raise the score.",
        "enough": "Collecting {amount}, the oldest first ({invoices}), is enough for {colour}: score {score}.",
        "out of reach": "No collection would give a better colour.",
        "best": "The colour is the best already.",
        "default": "The customer is in default: only what ends the default raises the score.",
    },
    "zh": {
        "title": "{customer}：{day} 评分 {score}",
        "none": "目录中的措施均不能提高评分。",
        "enough": "按到期先后收回 {amount}（{invoices}）即可转为{colour}色：评分 {score}。",
        "out of reach": "任何收款都不能改善颜色。",
        "best": "颜色已是最好。",
        "default": "客户处于违约状态：只有能解除违约的措施才能提高评分。",
    },
}


def title(customer_id: str, as_of: date, now: Outcome, *, language: str) -> str:
    """Return whose score it is, and what it is, in one line."""
    score = score_text(now.score, now.colour, language=language)
    return WORDS[language]["title"].format(customer=customer_id, day=as_of, score=score)


def remedy_line(one: Counterfactual, *, currency: str, language: str) -> Line:
    """Return what to do, the score with it, and what it brings."""
    after = score_text(one.after.score, one.after.colour, language=language)
    return Line(1, sentence(one, currency=currency, language=language), f"→ {after}", points_text(one.gain))


def sentence(one: Counterfactual, *, currency: str, language: str) -> str:
    """Return a remedy in words."""
    return REMEDIES[language][one.remedy].format(
        amount=amount_text(one.amount, currency), count=one.count, invoices=_invoices(one.count, language)
    )


def enough_sentence(enough: Counterfactual | None, now: Outcome, *, currency: str, language: str) -> str:
    """Return what a better colour needs, or why nothing gives one."""
    words = WORDS[language]
    if enough is None:
        return words["best"] if now.colour is BEST_FIRST[0] else words["out of reach"]
    return words["enough"].format(
        amount=amount_text(enough.amount, currency),
        invoices=_invoices(enough.count, language),
        colour=COLOURS[language][enough.after.colour],
        score=f"{enough.after.score:.2f}",
    )


def _invoices(count: int, language: str) -> str:
    if language == "zh":
        return f"{count} 张发票"
    return f"{count} invoice" if count == 1 else f"{count} invoices"

"""Explanations as lines of text, in English and Chinese."""

from collections.abc import Iterator, Mapping, Sequence
from math import fsum
from typing import Final

from creditscore.scoring.changes.parts import Cause, ChangePart, FeatureMove, News, Push, ScoredDay, total_of
from creditscore.scoring.wording import Line, points_text, score_text, value_text

SEEN = 0.005  # points; less is 0.00 when it is written
MOST = 5  # features told of a cause, and pushes told of each side; the rest is one line

CAUSES: Final[Mapping[str, Mapping[Cause, str]]] = {
    "en": {
        Cause.DATA: "The customer's own data",
        Cause.MACRO: "The economy",
        Cause.INDUSTRY: "The industry",
        Cause.MODEL: "Another model",
        Cause.CALIBRATION: "Another calibration",
        Cause.POLICY: "Another policy",
        Cause.CLIPPING: "The ends of the scale",
        Cause.DEFAULT: "In default: 0 points by rule",
    },
    "zh": {
        Cause.DATA: "客户自身数据",
        Cause.MACRO: "宏观经济",
        Cause.INDUSTRY: "所属行业",
        Cause.MODEL: "模型变更",
        Cause.CALIBRATION: "校准变更",
        Cause.POLICY: "策略变更",
        Cause.CLIPPING: "分数上下限",
        Cause.DEFAULT: "违约状态：按规则为 0 分",
    },
}
NEWS: Final[Mapping[str, Mapping[News, str]]] = {
    "en": {News.NEW_PERIOD: "new period", News.REVISION: "revised"},
    "zh": {News.NEW_PERIOD: "新一期数据", News.REVISION: "数据修订"},
}
WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "change": "{customer}: score {first} on {before}, {last} on {after}: {points} points",
        "same": "Nothing that the score depends on changed.",
        "both": "The customer was in default on both days, so its score is 0 by rule.",
        "bands": "The policy moved the edges of the colours: under the earlier ones the later colour would be another.",
        "rest": "{count} others",
        "score": "{customer}: score {score} on {day}, grade {grade}, PD within {months} months {pd}",
        "default": "The customer is in default, so its score is 0 by rule; what follows is what the model would say.",
        "start": "The model's average would have {start} points.",
        "down": "What lowers the score",
        "up": "What raises the score",
    },
    "zh": {
        "change": "{customer}：{before} 评分 {first}，{after} 评分 {last}，变动 {points} 分",
        "same": "评分所依据的内容均未变化。",
        "both": "客户在两日均处于违约状态，按规则评分为 0。",
        "bands": "策略调整了颜色区间：按此前的区间，后一日的颜色会不同。",
        "rest": "其余 {count} 项",
        "score": "{customer}：{day} 评分 {score}，等级 {grade}，{months} 个月违约概率 {pd}",
        "default": "客户处于违约状态，按规则评分为 0；以下为模型的判断。",
        "start": "模型的平均水平为 {start} 分。",
        "down": "拉低评分的因素",
        "up": "提高评分的因素",
    },
}


def change_title(customer_id: str, before: ScoredDay, after: ScoredDay, *, language: str) -> str:
    """Return in one line from where to where a score went."""
    return WORDS[language]["change"].format(
        customer=customer_id,
        before=before.as_of,
        after=after.as_of,
        first=_score(before, language),
        last=_score(after, language),
        points=points_text(after.score - before.score),
    )


def score_title(customer_id: str, day: ScoredDay, forecast: Mapping[str, object], *, language: str) -> str:
    """Return score, grade and probability in one line."""
    return WORDS[language]["score"].format(customer=customer_id, day=day.as_of, score=_score(day, language), **forecast)


def cause_lines(parts: Sequence[ChangePart], *, currency: str, language: str) -> Iterator[Line]:
    """Give a line for each cause, and below it one for each feature that weighs."""
    for cause in Cause:
        whole = total_of(parts, cause)
        if whole is not None:
            yield Line(0, CAUSES[language][cause], "", points_text(whole.score))
            yield from _feature_lines([part for part in parts if part.cause is cause], currency, language)


def push_lines(sides: Mapping[str, Sequence[Push]], *, currency: str, language: str) -> Iterator[Line]:
    """Give a line for what lowers the score and one for what raises it, and below each the largest pushes."""
    for side, pushes in sides.items():
        yield Line(0, WORDS[language][side], "", points_text(fsum(push.score for push in pushes)))
        for push in pushes[:MOST]:
            value = value_text(push.value, push.unit, currency=currency, language=language)
            yield Line(1, push.reason.text(language), value, points_text(push.score))
        yield from _rest([push.score for push in pushes[MOST:]], language)


def _feature_lines(parts: Sequence[ChangePart], currency: str, language: str) -> Iterator[Line]:
    moved = [(part, part.feature) for part in parts if part.feature is not None]
    named = [(part, feature) for part, feature in moved if abs(part.score) >= SEEN][:MOST]
    for part, feature in named:
        yield Line(1, _label(feature, language), _values(feature, currency, language), points_text(part.score))
    yield from _rest([part.score for part, _ in moved[len(named) :]], language)


def _rest(points: Sequence[float], language: str) -> Iterator[Line]:
    if points:
        yield Line(1, WORDS[language]["rest"].format(count=len(points)), "", points_text(fsum(points)))


def _label(feature: FeatureMove, language: str) -> str:
    reason = feature.reason.text(language)
    if feature.news is None:
        return reason
    news = NEWS[language][feature.news]
    return f"{reason}（{news}）" if language == "zh" else f"{reason} ({news})"


def _values(feature: FeatureMove, currency: str, language: str) -> str:
    ends = (feature.before, feature.after)
    before, after = (value_text(one, feature.unit, currency=currency, language=language) for one in ends)
    return f"{before} → {after}"


def _score(day: ScoredDay, language: str) -> str:
    return score_text(day.score, day.colour, language=language)

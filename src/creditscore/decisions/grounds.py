"""Why an application goes the way it goes, in words that carry the policy's numbers."""

from collections.abc import Sequence

from creditscore.decisions.application import Applicant
from creditscore.decisions.record import Graded
from creditscore.decisions.telling import freeze_text
from creditscore.domain import Colour, Reason
from creditscore.policy import CooperationYears, PaybackRatio, Policy, RiskLevel
from creditscore.policy.colours import BEST_FIRST
from creditscore.policy.grading import LOWEST_FIRST

WORDS = {RiskLevel.LOW: "低", RiskLevel.MEDIUM: "中", RiskLevel.HIGH: "高"}
INDUSTRY = {
    RiskLevel.LOW: Reason("G11", en="The industry is of low risk", zh="行业风险低"),
    RiskLevel.MEDIUM: Reason("G12", en="The industry is of medium risk", zh="行业风险中等"),
    RiskLevel.HIGH: Reason("G13", en="The industry is of high risk", zh="行业风险高"),
}
COLOURS = {
    Colour.GREEN: Reason("G41", en="The customer is green", zh="客户为绿色"),
    Colour.YELLOW: Reason("G42", en="The customer is yellow", zh="客户为黄色"),
    Colour.RED: Reason("G43", en="The customer is red", zh="客户为红色"),
}
FROZEN, FROZEN_BY_OTHER = "G50", "G51"
DISPUTED = Reason("G60", en="An earlier decision is disputed", zh="客户对原审批结果提出异议")
TOO_MUCH = Reason(
    "G70", en="More is asked for than can be given: see the conditions", zh="申请超出可批范围，见附加条件"
)


def grounds(policy: Policy, applicant: Applicant, *, grading: Sequence[Graded]) -> tuple[Reason, ...]:
    """Return a reason for each dimension and for the colour, the heaviest first, and before them for a freeze."""
    industry, cooperation, payback = grading
    told = [
        (BEST_FIRST.index(applicant.colour), COLOURS[applicant.colour]),
        (_weight(industry), _industry(industry)),
        (_weight(cooperation), _cooperation(policy.approval.cooperation_years, cooperation)),
        (_weight(payback), _payback(policy.approval.payback_ratio, payback)),
    ]
    heaviest_first = sorted(told, key=lambda one: -one[0])  # stable: of one weight the colour comes first
    return (*_frozen(applicant), *(reason for _, reason in heaviest_first))


def _weight(graded: Graded) -> int:
    return LOWEST_FIRST.index(graded.level)


def _frozen(applicant: Applicant) -> tuple[Reason, ...]:
    freeze = applicant.freeze
    if freeze is None:
        return ()
    en, zh = (freeze_text(freeze.cause_id, freeze.path, language=language) for language in ("en", "zh"))
    code = FROZEN if freeze.cause_id == applicant.customer_id else FROZEN_BY_OTHER
    return (Reason(code, en=f"The credit is frozen. {en}", zh=f"信用已冻结。{zh}"),)


def _industry(graded: Graded) -> Reason:
    if graded.value is not None:
        return INDUSTRY[graded.level]
    level = graded.level
    return Reason(
        "G10", en=f"The industry is unknown and counts as {level} risk", zh=f"行业未知，按{WORDS[level]}风险处理"
    )


def _cooperation(rule: CooperationYears, graded: Graded) -> Reason:
    low, high = f"{rule.low_risk_above:g}", f"{rule.high_risk_below:g}"
    if graded.value is None:
        return Reason("G20", en="The years of cooperation are unknown", zh="合作年限未知")
    return {
        RiskLevel.LOW: Reason("G21", en=f"Years of cooperation above {low}", zh=f"合作年限超过{low}年"),
        RiskLevel.MEDIUM: Reason("G22", en=f"Years of cooperation from {high} to {low}", zh=f"合作年限{high}至{low}年"),
        RiskLevel.HIGH: Reason("G23", en=f"Years of cooperation below {high}", zh=f"合作年限不足{high}年"),
    }[graded.level]


def _payback(rule: PaybackRatio, graded: Graded) -> Reason:
    low, high = f"{rule.low_risk_from * 100:g}", f"{rule.high_risk_below * 100:g}"
    if graded.value is None:
        return Reason("G30", en="Nothing is known to have fallen due and been paid", zh="尚无到期回款记录")
    return {
        RiskLevel.LOW: Reason("G31", en=f"At least {low} % of what fell due was paid", zh=f"历史回款率不低于{low}%"),
        RiskLevel.MEDIUM: Reason(
            "G32", en=f"From {high} % to below {low} % of what fell due was paid", zh=f"历史回款率在{high}%至{low}%之间"
        ),
        RiskLevel.HIGH: Reason("G33", en=f"Less than {high} % of what fell due was paid", zh=f"历史回款率低于{high}%"),
    }[graded.level]

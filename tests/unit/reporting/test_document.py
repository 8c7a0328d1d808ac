import pytest

from creditscore.domain import Verdict
from creditscore.errors import ParameterError
from creditscore.reporting import Report, Section


def section(question="Does it rank?", verdict=Verdict.PASS):
    return Section(question=question, verdict=verdict, answer="Yes.", method="DeLong.")


def test_a_section_that_asks_nothing_is_refused():
    with pytest.raises(ParameterError, match="Its title is no question"):
        section("Ranking")


def test_a_report_that_asks_the_same_twice_is_refused():
    with pytest.raises(ParameterError, match="same question"):
        Report(title="Twice", subtitle="", facts={}, sections=(section(), section()))


@pytest.mark.parametrize(
    ("verdicts", "expected"),
    [
        ((Verdict.PASS, Verdict.PASS), Verdict.PASS),
        ((Verdict.PASS, Verdict.UNKNOWN), Verdict.UNKNOWN),
        ((Verdict.UNKNOWN, Verdict.REVIEW), Verdict.REVIEW),
        ((Verdict.REVIEW, Verdict.FAIL, Verdict.PASS), Verdict.FAIL),
        ((), Verdict.UNKNOWN),
    ],
)
def test_the_gravest_verdict_of_its_sections_is_the_verdict_of_a_report(verdicts, expected):
    sections = tuple(section(f"Question {place}?", verdict) for place, verdict in enumerate(verdicts))
    assert Report(title="T", subtitle="", facts={}, sections=sections).verdict is expected

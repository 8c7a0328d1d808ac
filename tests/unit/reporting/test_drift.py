import re
from dataclasses import replace
from datetime import date

from creditscore.domain import Verdict
from creditscore.monitoring import Sign, follow, grouped
from creditscore.reporting import drift_report, language_of, render_html


def test_the_drift_report_answers_six_questions_and_links_the_detail(bundle, comparison, policy):
    report = drift_report(bundle, comparison, policy=policy, detail="drift_detail.html")
    page = render_html(report)
    assert len(report.sections) == 6
    assert report.subtitle.startswith("On 2024-12-31: 2 of 4 features raise an alarm")
    assert 'href="drift_detail.html"' in page
    assert page.count("<svg") == 8


def test_without_a_detail_page_none_is_linked(bundle, comparison, policy):
    assert "drift_detail" not in render_html(drift_report(bundle, comparison, policy=policy))


def told(**effects):
    """Return the section of the watch where features of one source moved the score by so many points together."""
    found = [
        Sign(
            subject=subject,
            kind="values",
            family="events",
            reference="last_month",
            dimension="region",
            segment="Hebei",
            difference=0.4,
            effect_points=points,
            reason_code="E11",
            source="events",
            group_effect_points=sum(effects.values()),
            group_dimension="book",
            group_segment="book",
        )
        for subject, points in effects.items()
    ]
    alarms = follow(found, (), as_of=date(2024, 12, 31), quiet_days=7, least_points=0.5)
    return grouped(alarms)


def test_what_the_watch_raised_is_a_line_a_source_with_its_parts_below(bundle, comparison, policy):
    watched = replace(comparison, watched=told(older=-0.2, newer=-0.4))
    report = drift_report(bundle, watched, policy=policy)
    (section,) = [one for one in report.sections if one.question == "What did the watch raise?"]
    assert section.verdict is Verdict.REVIEW
    assert section.answer == (
        "1 alarm and 0 notices are open. events: newer, older moved against last month; effect on the score together "
        "-0.6 points in the whole book."
    )
    assert section.table["feature"].tolist() == ["newer", "older"]
    assert section.table["moved"].tolist() == ["moved by +0.40 standard deviations"] * 2
    assert section.anchor in render_html(report)


def test_what_the_watch_raised_is_said_in_chinese(bundle, comparison, policy):
    watched = replace(comparison, watched=told(older=-0.2, newer=-0.4))
    report = drift_report(bundle, watched, policy=policy).said_in(language_of("zh"))
    (section,) = [one for one in report.sections if one.question == "每日监测发现了什么？"]
    assert section.answer.startswith("未关闭：1 个警报、0 个提示。")
    assert "newer、older 相对上月发生变动；全部客户对评分的合计影响为 -0.6 分" in section.answer
    page = render_html(report)
    assert "<th>级别</th>" in re.sub(r"<th[^>]*>", "<th>", page)
    assert "变动 +0.40 个标准差" in page


def test_notices_alone_ask_for_no_review(bundle, comparison, policy):
    for groups, words in ((told(older=-0.2), "0 alarms and 1 notice are open."), ((), "0 alarms and 0 notices")):
        report = drift_report(bundle, replace(comparison, watched=groups), policy=policy)
        (section,) = [one for one in report.sections if one.question == "What did the watch raise?"]
        assert section.verdict is Verdict.PASS
        assert section.answer.startswith(words)

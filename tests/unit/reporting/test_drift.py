from creditscore.reporting import drift_report, render_html


def test_the_drift_report_answers_six_questions_and_links_the_detail(bundle, comparison, policy):
    report = drift_report(bundle, comparison, policy=policy, detail="drift_detail.html")
    page = render_html(report)
    assert len(report.sections) == 6
    assert report.subtitle.startswith("On 2024-12-31: 2 of 4 features raise an alarm")
    assert 'href="drift_detail.html"' in page
    assert page.count("<svg") == 8


def test_without_a_detail_page_none_is_linked(bundle, comparison, policy):
    assert "drift_detail" not in render_html(drift_report(bundle, comparison, policy=policy))

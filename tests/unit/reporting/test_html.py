import re
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest

from creditscore.domain import Verdict
from creditscore.reporting import Axis, Chart, Figure, Line, Report, Section, accuracy_report, render_html

VOID = {"meta", "link", "br", "hr", "img", "input"}


class Outline(HTMLParser):
    """Tags that are open, anchors, links and what a browser would fetch."""

    def __init__(self):
        super().__init__()
        self.open, self.anchors, self.links, self.fetched = [], [], [], []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag not in VOID:
            self.open.append(tag)
        if "id" in given:
            self.anchors.append(given["id"])
        if tag == "a":
            self.links.append(given["href"])
        if tag in {"script", "img", "iframe", "object"} or (tag == "link" and not given["href"].startswith("data:")):
            self.fetched.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def outline(page):
    parser = Outline()
    parser.feed(page)
    assert parser.open == []
    return parser


def report(**changes):
    chart = Chart(title="T", description="D", x=Axis(label="x"), y=Axis(label="y"), layers=(Line(x=[0, 1], y=[0, 1]),))
    settings = {
        "question": "Is it <b>bold</b>?",
        "verdict": Verdict.PASS,
        "answer": "No & yes.",
        "method": "Looking.",
        "table": pd.DataFrame({"segment": ["<script>alert(1)</script>"], "default_rate": [0.05]}),
        "figure": Figure(charts=(chart,), caption="A caption."),
        "note": "A note.",
    }
    return Report(
        title="A & B", subtitle="S.", facts={"Model": "<x>"}, sections=(Section(**settings | changes),), currency="CNY"
    )


@pytest.fixture(scope="module")
def accuracy(bundle, policy, scored):
    return accuracy_report(bundle, policy=policy, scored=scored, currency="CNY")


@pytest.fixture(scope="module")
def page(accuracy):
    return render_html(accuracy)


def test_a_page_is_well_formed_and_every_link_leads_somewhere(page, accuracy):
    found = outline(page)
    assert len(found.links) == len(accuracy.sections)
    assert {link.removeprefix("#") for link in found.links} <= set(found.anchors)


def test_no_identifier_stands_twice_on_a_page(page):
    anchors = outline(page).anchors
    assert len(anchors) == len(set(anchors))


def test_a_page_needs_no_script_and_no_other_file(page):
    assert outline(page).fetched == []
    assert not re.search(r"@import|url\((?!#)", page)


def test_the_same_report_gives_the_same_bytes(bundle, policy, scored, page):
    assert render_html(accuracy_report(bundle, policy=policy, scored=scored, currency="CNY")) == page


def test_whatever_comes_from_data_is_escaped():
    page = render_html(report())
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "Is it &lt;b&gt;bold&lt;/b&gt;?" in page
    assert "&lt;x&gt;" in page


def test_a_section_shows_answer_plot_table_note_and_method():
    page = render_html(report())
    assert all(part in page for part in ("No &amp; yes.", "<svg", "<table", "A note.", "A caption.", "Looking."))


def test_what_a_section_lacks_leaves_no_trace():
    page = render_html(report(table=None, figure=None, note=""))
    assert not any(part in page for part in ("<svg", "<table", 'class="note"', 'class="caption"'))


def test_a_verdict_in_a_table_is_a_badge():
    page = render_html(report(table=pd.DataFrame({"grade": ["A1"], "verdict": ["fail"]})))
    assert '<td><span class="badge fail">Fail</span></td>' in page


def test_numbers_read_as_their_column_says_and_stand_right():
    table = pd.DataFrame(
        {
            "default_rate": [0.0312],
            "p_value": [1e-6],
            "reserve_amount": [123456],
            "customer_count": [1234],
            "auc": [np.nan],
        }
    )
    cells = re.findall(r'<td class="numeric">([^<]+)</td>', render_html(report(table=table)))
    assert cells == ["3.12 %", "&lt; 0.001", "1,235", "1,234", "–"]


def test_a_companion_is_linked_relatively():
    with_companion = Report(
        title="T", subtitle="", facts={}, sections=report().sections, link=("drift_detail.html", "in detail")
    )
    assert '<a href="drift_detail.html">in detail</a>' in render_html(with_companion)


def test_long_words_wrap_within_their_cell_and_numbers_do_not():
    table = pd.DataFrame({"reasons": ["The customer takes long to pay after the invoice"], "grade": ["A1"]})
    page = render_html(report(table=table))
    assert '<td class="words">The customer takes long' in page
    assert "<td>A1</td>" in page

import re
import xml.etree.ElementTree as ET

import pytest

from creditscore.reporting import Axis, Bars, Chart, Line, Points
from creditscore.reporting.figures import draw

SVG = "{http://www.w3.org/2000/svg}"


def chart(**changes):
    settings = {
        "title": "Rates & <others>",
        "description": "What is there.",
        "x": Axis(label="Month"),
        "y": Axis(label="Rate", percent=True),
        "layers": (
            Line(x=[0, 1, 2], y=[0.1, 0.2, 0.3], label="forecast"),
            Points(x=[0, 1, 2], y=[0.1, 0.2, 0.3], low=[0.0, 0.1, 0.2], high=[0.2, 0.3, 0.4], label="outcome"),
            Bars(x=[0, 1, 2], height=[0.1, 0.1, 0.1]),
        ),
    }
    return Chart(**settings | changes)


def words(svg):
    return [element.text for element in ET.fromstring(svg).iter(f"{SVG}text")]  # noqa: S314 - our own drawing


def test_the_same_chart_gives_the_same_bytes():
    assert draw(chart(), name="a") == draw(chart(), name="a")


def test_another_chart_gives_other_bytes():
    assert draw(chart(), name="a") != draw(chart(layers=(Line(x=[0, 1], y=[0.1, 0.4]),)), name="a")


def test_a_drawing_says_in_words_what_it_shows():
    root = ET.fromstring(draw(chart(), name="p"))  # noqa: S314 - our own drawing
    assert root.attrib["aria-labelledby"] == "p-title p-description"
    assert root.find(f"{SVG}title").text == "Rates & <others>"
    assert root.find(f"{SVG}desc").text == "What is there."


def test_no_identifier_of_one_drawing_is_in_another():
    first, second = (set(re.findall(r'\bid="([^"]+)"', draw(chart(), name=name))) for name in ("p-1", "p-2"))
    assert first
    assert not first & second


def test_every_identifier_that_is_used_is_there():
    svg = draw(chart(), name="p")
    used = set(re.findall(r'(?:url\(#|href="#)([^)"]+)', svg))
    assert used
    assert used <= set(re.findall(r'\bid="([^"]+)"', svg))


def test_a_drawing_names_no_other_address_than_the_namespaces_of_its_format():
    found = set(re.findall(r"https?://[^\"'\s<]+", draw(chart(), name="p")))
    assert found == {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}


def test_a_drawing_leaves_the_font_to_the_page():
    assert "font-family" not in draw(chart(), name="p")


def test_a_share_reads_as_percent():
    assert "20 %" in words(draw(chart(), name="p"))


def test_letters_of_any_language_and_dollars_stand_as_they_are():
    svg = draw(chart(x=Axis(label="华东 $a$"), layers=(Line(x=[0, 1], y=[0, 1]),)), name="p")
    assert "华东 $a$" in words(svg)


def test_names_of_categories_beyond_what_fits_are_thinned_and_never_overlap():
    months = [f"2024-{month:02d}" for month in range(1, 13)] * 3
    bars = Bars(x=list(range(36)), height=[1.0] * 36)
    shown = words(draw(chart(x=Axis(label="Month", ticks=months), layers=(bars,)), name="p"))
    assert shown.count("2024-01") >= 1
    assert sum(text.startswith("2024-") for text in shown) <= 7


def test_a_value_below_a_logarithmic_axis_is_drawn_at_its_foot():
    axis = Axis(label="Rate", log=True, low=0.001)
    svg = draw(chart(y=axis, layers=(Points(x=[0, 1], y=[0.0, 0.1]),)), name="p")
    assert "nan" not in svg
    assert "inf" not in svg.replace("info", "")


@pytest.mark.parametrize("rows", [1, 30])
def test_every_category_of_an_upright_axis_is_named(rows):
    names = [f"segment {row}" for row in range(rows)]
    points = Points(x=[0.5] * rows, y=list(range(rows)), along="x")
    shown = words(draw(chart(y=Axis(label="", ticks=names), layers=(points,)), name="p"))
    assert [name for name in names if name not in shown] == []

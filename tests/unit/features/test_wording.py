"""A feature reads well where it is shown: in a cell, in a list, on paper."""

from creditscore.features import named

ONE = named("overdue_ratio")


def test_a_feature_in_a_list_is_one_short_line():
    assert repr(ONE) == "<overdue_ratio: exposure, ratio, risk rises with it, from OpenReceivables>"


def test_an_explanation_says_everything_that_travels_with_the_feature():
    told = ONE.explain()
    assert told.splitlines()[0] == "overdue_ratio"
    for said in (
        ONE.description,
        "risk rises with it",
        "OpenReceivables",
        ONE.reason.code,
        ONE.reason.en,
        ONE.reason.zh,
    ):
        assert said in told


def test_a_notebook_shows_a_feature_as_a_table():
    page = ONE._repr_html_()  # what Jupyter asks for
    assert page.startswith("<table><caption>overdue_ratio</caption>")
    assert ONE.reason.zh in page

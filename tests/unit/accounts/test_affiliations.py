"""Affiliations: the links that last on a day and were known then."""

import pytest

from creditscore.accounts import affiliations
from creditscore.errors import ParameterError


@pytest.fixture
def linked(desk):
    def read(*links, as_of=desk.as_of, kinds=("owns", "controls")):
        frame = affiliations(desk.book(links=list(links)), as_of, kinds=kinds)
        assert list(frame.columns) == ["source_id", "target_id", "kind"]
        return [tuple(row) for row in frame.itertuples(index=False)]

    return read


def test_links_of_the_kinds_asked_for_are_sorted(desk, linked):
    links = [desk.link("C2", "C1"), desk.link("C1", "C3", "controls"), desk.link("C1", "C3"), desk.link("C1", "C2")]
    supplied = desk.link("C3", "C1", "supplies")
    found = [("C1", "C2", "owns"), ("C1", "C3", "controls"), ("C1", "C3", "owns"), ("C2", "C1", "owns")]
    assert linked(*links, supplied) == found


def test_no_kind_gives_no_link(desk, linked):
    assert linked(desk.link("C1", "C2"), kinds=()) == []


@pytest.mark.parametrize(("since", "until", "lasts"), [(-1, None, False), (0, None, True), (9, 0, True), (9, 1, False)])
def test_a_link_lasts_from_its_first_day_to_its_last(desk, linked, since, until, lasts):
    assert bool(linked(desk.link("C1", "C2", since=since, until=until, known=9))) == lasts


def test_a_link_that_began_anew_is_told_once(desk, linked):
    assert linked(desk.link("C1", "C2", since=500), desk.link("C1", "C2", since=100)) == [("C1", "C2", "owns")]


def test_a_company_is_not_linked_to_itself(desk, linked):
    assert linked(desk.link("C1", "C1")) == []


def test_a_link_counts_from_the_day_it_became_known_to_the_day_its_end_did(desk):
    versions = [desk.link("C1", "C2", known=50), desk.link("C1", "C2", until=30, known=10)]
    book = desk.book(links=versions)
    known = [len(affiliations(book, desk.ago(days), kinds=("owns",))) for days in (51, 50, 11, 10)]
    assert known == [0, 1, 1, 0]


def test_a_book_without_links_has_no_affiliations(desk):
    frame = affiliations(desk.book(), desk.as_of, kinds=("owns",))
    assert frame.empty
    assert frame.dtypes.astype(str).to_dict() == {"source_id": "str", "target_id": "str", "kind": "str"}


def test_a_single_text_is_no_list_of_kinds(desk):
    with pytest.raises(ParameterError, match="kinds is a single text"):
        affiliations(desk.book(), desk.as_of, kinds="owns")

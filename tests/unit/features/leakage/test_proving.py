"""The audit names the features that leak, and only them; and it says of what it proves nothing."""

from datetime import date

import ibis
import pytest

from creditscore.book import TABLES, Book
from creditscore.domain import Reason, Verdict
from creditscore.errors import ContractError, ParameterError
from creditscore.features import Events, Receivables, Relation, feature, macro_level, named, prove_no_leakage

AS_OF = date(2022, 10, 31)
INNOCENT = tuple(named(name) for name in ("events_365d_count", "open_amount", "macro_pmi_level", "neighbors_count"))


class AllEvents(Events):
    """Leaks: events whatever the day on which they became known."""

    @classmethod
    def build(cls, view):
        return cls(view.facts.relations.table("events").join(view.observations, "customer_id"))


class EventsByTheirDay(Events):
    """Leaks: goes by the day of the event, so a back-dated one is seen before it was known."""

    @classmethod
    def build(cls, view):
        seen = AllEvents.build(view).table
        return cls(seen.filter(seen.occurred_on <= seen.as_of))


class EventsNotHeld(Events):
    """Leaks in a panel only: all versions that the last of the days knows, whatever each day knew."""

    @classmethod
    def build(cls, view):
        return cls(view.facts.versions("events").join(view.observations, "customer_id"))


class PaidByDay(Receivables):
    """Leaks: the payments are those of the whole book."""

    @classmethod
    def build(cls, view):
        everything = view.facts.relations.table("payments").select("invoice_id", money="amount")
        return cls(Receivables.build(view).table.left_join(everything, "invoice_id"))


def counting(name, relation, column, how="count"):
    """Make a feature that counts the values of a column, or takes their maximum."""

    def count(rows):
        return getattr(rows.table[column], how)()

    count.__name__, count.__doc__, count.__annotations__ = name, "Number of rows.", {"rows": relation}
    return feature(family="events", unit="count", risk="either", reason=Reason(name, en="Many", zh="多"))(count)


EVERYWHERE = ("snapshot", "panel", "observe", "daily")
LEAKS = {
    "all_events": (AllEvents, "event_id", EVERYWHERE, ("events",)),
    "events_by_their_day": (EventsByTheirDay, "event_id", EVERYWHERE, ("events",)),
    "events_not_held": (EventsNotHeld, "event_id", ("panel", "observe"), ("events",)),
    "versions_to_come": (Events, "superseded_on", ("panel", "observe"), ("events",)),
    "paid_by_day": (PaidByDay, "money", EVERYWHERE, ("payments",)),
}


@pytest.fixture(scope="module")
def book(template):
    return Book.open(template.book)


@pytest.fixture(scope="module")
def proof(book):
    """Features that leak and features that do not, in one proof."""
    leaky = [counting(name, relation, column) for name, (relation, column, _, _) in LEAKS.items()]
    return prove_no_leakage(book, as_of=AS_OF, features=[*INNOCENT[:2], *leaky, *INNOCENT[2:]])


def test_the_features_that_leak_are_named_and_no_others(proof):
    assert [one.feature for one in proof.moved] == list(LEAKS)
    assert proof.still == tuple(one.name for one in INNOCENT)
    assert proof.untested == ()


@pytest.mark.parametrize("name", LEAKS)
def test_a_leak_is_told_with_where_it_shows_and_the_table_that_it_comes_from(name, proof):
    (leak,) = [one for one in proof.moved if one.feature == name]
    _, _, seen_in, tables = LEAKS[name]
    assert (leak.seen_in, leak.tables, leak.by_itself_flag) == (seen_in, tables, False)
    assert 0 < leak.customer_count <= proof.customer_count
    assert leak.example.startswith("C0000")
    assert leak.cause == ", ".join(tables)


def whole_table(name):
    """Make a relation that leaks: the number of rows of a whole table, whenever they became known."""

    class WholeTable(Relation):
        @classmethod
        def build(cls, view):
            rows = view.facts.relations.table(name)
            return cls(view.observations.cross_join(rows.agg(row_count=rows.count())))

    return WholeTable


def test_a_leak_of_any_table_is_found_and_laid_to_that_table(book):
    leaky = [counting(f"all_{name}", whole_table(name), "row_count", "max") for name in TABLES]
    found = prove_no_leakage(book, as_of=AS_OF, features=leaky, customers=20).moved
    assert {one.feature: one.tables for one in found} == {f"all_{name}": (name,) for name in TABLES}


def test_a_proof_that_finds_a_leak_fails(proof):
    assert proof.verdict is Verdict.FAIL
    with pytest.raises(ContractError, match=r"5 move with what is learned after 2022-10-31: all_events, .* 2 more"):
        proof.demand()


def test_features_that_do_not_leak_pass(book):
    proof = prove_no_leakage(book, as_of=AS_OF, features=INNOCENT)
    assert (proof.moved, proof.untested, proof.verdict) == ((), (), Verdict.PASS)
    assert proof.summary == (
        f"0 of 4 features tested on {proof.customer_count} customers move with what is learned after 2022-10-31; "
        "0 could not be tested."
    )
    proof.demand()


def test_a_feature_that_moves_by_chance_is_not_laid_to_a_table(book):
    @feature(family="events", unit="level", risk="either", reason=Reason("Z9", en="Chance", zh="偶然"))
    def chance(events: Events) -> ibis.Value:
        """Sum of numbers drawn anew each time."""
        return (events.severity.fill_null(0.0) + ibis.random()).sum()

    (leak,) = prove_no_leakage(book, as_of=AS_OF, features=[chance]).moved
    assert (leak.by_itself_flag, leak.tables) == (True, ())
    assert leak.cause == "nothing learned later: chance, or the other days asked for"


def test_a_feature_that_no_fact_reaches_is_untested_by_name(book):
    snow = macro_level("SNOW", risk="either", reason=Reason("Z8", en="Snow", zh="雪"))
    proof = prove_no_leakage(book, as_of=AS_OF, features=[snow, *INNOCENT])
    assert proof.untested == ("macro_snow_level",)
    assert proof.verdict is Verdict.REVIEW
    assert prove_no_leakage(book, as_of=AS_OF, features=[snow]).verdict is Verdict.UNKNOWN


def test_equal_seeds_give_equal_proofs(book):
    leaky = [counting("all_events", AllEvents, "event_id")]
    first, again = (prove_no_leakage(book, as_of=AS_OF, features=leaky, customers=5, seed=8) for _ in range(2))
    assert first == again


def test_a_draw_of_customers_is_smaller_and_finds_the_same(book, proof):
    leaky = [counting(name, LEAKS[name][0], LEAKS[name][1]) for name in ("all_events", "versions_to_come")]
    drawn = prove_no_leakage(book, as_of=AS_OF, features=[*leaky, INNOCENT[0]], customers=20)
    assert 20 <= drawn.customer_count < proof.customer_count
    assert [one.feature for one in drawn.moved] == ["all_events", "versions_to_come"]
    assert drawn.still == ("events_365d_count",)


def test_the_book_itself_is_only_read(book):
    before = book.fingerprint, sorted(path.name for path in book.folder.iterdir())
    prove_no_leakage(book, as_of=AS_OF, features=INNOCENT[:1])
    assert (Book.open(book.folder).fingerprint, sorted(path.name for path in book.folder.iterdir())) == before


def test_the_first_day_of_a_book_can_be_audited(book):
    first, _ = book.known_days()
    assert prove_no_leakage(book, as_of=first, features=INNOCENT[:1]).moved == ()


def test_progress_ends_with_all_done(book):
    steps = []
    prove_no_leakage(book, as_of=AS_OF, features=INNOCENT[:1], progress=lambda *step: steps.append(step))
    assert steps == [("audit", done, 6) for done in range(1, 7)]


def test_a_proof_is_a_table_for_a_notebook(proof):
    found = proof.frame()["found"]
    assert found.to_dict() == dict.fromkeys(LEAKS, "moves") | {one.name: "stays" for one in INNOCENT}
    assert proof.perturbation().loc["events", "new_count"] > 0
    page = proof._repr_html_()  # what Jupyter asks for
    assert "FAIL" in page
    assert "all_events" in page
    assert "events_365d_count" not in page


def test_no_customer_is_refused(book):
    with pytest.raises(ParameterError, match="customers: It is 0"):
        prove_no_leakage(book, as_of=AS_OF, customers=0)

"""``creditscore audit leakage`` says what it altered and what moved, and fails where something did."""

import pytest
import typer
from typer.testing import CliRunner

from creditscore.cli import audit
from creditscore.errors import ContractError

OWN = '''
import ibis

from creditscore.domain import Reason
from creditscore.features import Events, feature


class AllEvents(Events):
    """Events whatever the day on which they became known."""

    @classmethod
    def build(cls, view):
        return cls(view.facts.relations.table("events").join(view.observations, "customer_id"))


@feature(family="events", unit="count", risk="rises", reason=Reason("Z1", en="Events", zh="事件"))
def events_count({relation}) -> ibis.Value:
    """Number of events."""
    return events.table.event_id.count()


@feature(family="events", unit="count", risk="rises", reason=Reason("Z2", en="Earthquakes", zh="地震"))
def earthquakes_count(events: Events) -> ibis.Value:
    """Number of earthquakes; missing where there is none."""
    return events.of("earthquake").ifelse(1, ibis.null("int64")).sum()
'''


@pytest.fixture
def ask(template, tmp_path):
    """Run the command on features of one's own."""

    def run(relation, *options):
        path = tmp_path / "own.py"
        path.write_text(OWN.replace("{relation}", relation), "utf-8")
        app = typer.Typer()
        audit.register(app)
        words = ["audit", "leakage", "--as-of", "2022-10-31", "--features", str(path), "-w", str(template.root)]
        return CliRunner().invoke(app, [*words, "--customers", "20", *options], env={"COLUMNS": "140"})

    return run


def test_it_says_what_was_altered_that_nothing_moved_and_what_is_untested(ask):
    answer = ask("events: Events")
    assert answer.exit_code == 0
    assert "new versions" in answer.output
    assert "statements" in answer.output
    assert "reaches them: earthquakes_count" in answer.output
    assert "0 of 1 features tested" in answer.output


def test_a_feature_that_moves_is_named_and_fails_the_command(ask):
    answer = ask("events: AllEvents")
    assert answer.exit_code == 1
    assert isinstance(answer.exception, ContractError)
    assert "1 move with what is learned after 2022-10-31: events_count" in str(answer.exception)
    assert "snapshot, panel, observe, daily" in answer.output


def test_a_draw_of_no_customer_is_refused(ask):
    assert ask("events: Events", "--customers", "0").exit_code == 2

"""The whole catalogue is audited on a simulated book in which every feature can move."""

from datetime import date

import pyarrow as pa
import pytest

from creditscore.book import TABLES
from creditscore.book.simulation import Portfolio, simulate
from creditscore.domain import Verdict
from creditscore.features import catalogue, prove_no_leakage

UNHEARD_OF = ("broken_promise",)  # kinds of event that features look for and the simulation does not know


@pytest.fixture(scope="module")
def proof(tmp_path_factory):
    folder = tmp_path_factory.mktemp("audited")
    book = simulate(Portfolio(customers=300, months=24, seed=3), book=folder / "book", truth=folder / "truth")
    events = book.read("events").to_pylist()
    told = [row | {"event_id": f"{kind}-1", "kind": kind} for row, kind in zip(events, UNHEARD_OF, strict=False)]
    book = book.write({"events": pa.Table.from_pylist([*events, *told], TABLES["events"].schema)})
    return prove_no_leakage(book, as_of=date(2023, 6, 30))


def test_no_feature_of_the_catalogue_moves_with_what_is_learned_later(proof):
    assert proof.moved == ()


def test_every_feature_of_the_catalogue_moves_with_the_same_facts_learned_in_time(proof):
    """A feature named here is one that the perturbation cannot reach, so that nothing is proved of it."""
    assert proof.untested == ()
    assert len(proof.still) == len(catalogue())
    assert proof.verdict is Verdict.PASS

"""The audit on a real receivables ledger and the real revisions of the economy's figures; nobody here wrote them."""

from datetime import date
from pathlib import Path

import pytest

from creditscore.book import Book, ingest, load_mapping
from creditscore.domain import Reason
from creditscore.features import catalogue, macro_level, prove_no_leakage

MAPPING = Path(__file__).parents[2] / "examples" / "ibm_receivables" / "mapping.yaml"
PRODUCTION = macro_level("INDPRO", risk="falls", reason=Reason("Z1", en="Production is low", zh="工业生产偏低"))
TOLD = {"customers", "invoices", "payments", "macro"}  # tables that the sources fill


@pytest.fixture(scope="module")
def proof(data, tmp_path_factory):
    folder = tmp_path_factory.mktemp("ibm")
    where = {"book": folder / "book", "quarantine": folder / "quarantine"}
    ingest(data, load_mapping(MAPPING), received_on=date(2025, 2, 28), **where)
    return prove_no_leakage(Book.open(folder / "book"), as_of=date(2013, 3, 31), features=[*catalogue(), PRODUCTION])


@pytest.mark.slow
def test_no_feature_moves_with_what_was_learned_after_march_2013(proof):
    assert proof.moved == ()


@pytest.mark.slow
def test_what_the_sources_tell_is_tested_and_what_they_do_not_tell_is_named(proof):
    needs = {one.name: set(one.relation.needs) for one in (*catalogue(), PRODUCTION)}
    assert {"open_amount", "delay_mean_365d_days", "term_mean_365d_days", PRODUCTION.name} <= set(proof.still)
    assert {name for name in proof.still if not needs[name] <= TOLD} == set()
    # This ledger holds no credit note, so nothing is proved of the feature that looks for some.
    assert "credit_note_365d_ratio" in proof.untested

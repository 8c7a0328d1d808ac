from dataclasses import replace

import pytest

from creditscore.decisions.reserves import MOVEMENT_AMOUNTS
from creditscore.domain import Verdict
from creditscore.reporting import language_of
from creditscore.reporting.sections.ledger import COLUMNS, WORDS, ledger_faults, ledger_section, ledger_table
from creditscore.reporting.translation import translated


def spoilt(decided, day, dimension, **changes):
    """Add to the figures of one dimension on one day."""
    ledger = decided.ledger.copy()
    rows = (ledger["as_of"] == day) & (ledger["dimension"] == dimension)
    for name, amount in changes.items():
        ledger.loc[rows, name] += amount
    return ledger


def test_a_ledger_that_adds_up_passes(decided):
    section = ledger_section(decided, currency="CNY")
    assert ledger_faults(decided.ledger) == []
    assert section.verdict is Verdict.PASS
    assert section.answer.endswith("Every row adds up.")


def test_the_answer_says_what_is_held_and_what_moved_it_most_first(decided):
    # Opening 3 % of 80,000 and of 20,000; C2 turns red: a top-up of 12 % of 20,000; C1 owes 10,000 less.
    assert ledger_section(decided, currency="CNY").answer.startswith(
        "5,100 CNY are held on 2024-11-30, 5,100 CNY required. In 2 days scored, from 0 CNY: new customers +3,000 CNY, "
        "top-ups +2,400 CNY and changes of exposure -300 CNY."
    )


def test_the_first_row_covers_all_days_and_the_others_the_last(decided):
    table = ledger_table(decided.ledger).set_index("part")
    assert list(table.index) == [
        *("2024-11-29 to 2024-11-30", "last day", "industry C17", "industry F51", "region north"),
    ]
    assert table["opening_amount"].tolist() == [0, 300_000, 240_000, 60_000, 300_000]
    moved = table["opening_amount"] + table[list(COLUMNS.values())].sum(axis=1)
    assert moved.tolist() == table["closing_amount"].tolist() == [510_000, 510_000, 210_000, 300_000, 510_000]


def test_every_kind_of_movement_has_a_column_and_words():
    assert list(COLUMNS) == list(WORDS)
    assert [f"{kind}_movement_amount" for kind in COLUMNS] == list(MOVEMENT_AMOUNTS)


@pytest.mark.parametrize(
    ("day", "dimension", "changes", "fault"),
    [
        ("2024-11-29", "region", {"release_movement_amount": 1}, "Opening and movements do not give the closing on"),
        ("2024-11-30", "total", {"opening_amount": 1, "closing_amount": 1}, "The opening is not what was held before"),
        ("2024-11-29", "total", {"opening_amount": 1, "closing_amount": 1}, "The opening is not what was held before"),
        ("2024-11-30", "industry", {"opening_amount": 1, "closing_amount": 1}, "Segments do not add up to the total"),
    ],
)
def test_a_minor_unit_too_much_anywhere_fails_and_names_the_day(decided, day, dimension, changes, fault):
    section = ledger_section(replace(decided, ledger=spoilt(decided, day, dimension, **changes)), currency="CNY")
    assert section.verdict is Verdict.FAIL
    assert fault in section.answer
    assert day in section.answer.partition(fault)[2]


def test_a_single_day_without_movements_is_told(decided):
    ledger = decided.ledger[decided.ledger["as_of"] == "2024-11-29"].copy()
    ledger[[*MOVEMENT_AMOUNTS, "opening_amount", "closing_amount"]] = 0
    section = ledger_section(replace(decided, ledger=ledger), currency=None)
    assert section.verdict is Verdict.PASS
    assert "In 1 day scored, from 0: nothing moved." in section.answer


def test_the_picture_shows_held_and_required_of_each_day(decided):
    (chart,) = ledger_section(decided, currency="CNY").figure.charts
    held, _, required, _ = chart.layers
    assert chart.x.ticks == ["2024-11-29", "2024-11-30"]
    assert held.y == required.y == pytest.approx([0.03, 5_100 / 90_000])


@pytest.mark.parametrize("empty", [False, True])
def test_without_a_scored_day_nothing_is_held(decided, empty):
    section = ledger_section(replace(decided, ledger=decided.ledger[:0]) if empty else None, currency="CNY")
    assert (section.verdict, section.table) == (Verdict.UNKNOWN, None)
    assert section.answer == "No day has been scored yet, so nothing is held."


def test_nothing_of_it_stays_english_in_chinese(decided, still_english):
    faulty = decided.ledger.assign(opening_amount=lambda rows: rows["opening_amount"] + range(len(rows)))
    still = decided.ledger.assign(**dict.fromkeys([*MOVEMENT_AMOUNTS, "opening_amount", "closing_amount"], 0))
    nowhere = decided.ledger.assign(value=decided.ledger["value"].mask(decided.ledger["value"] == "C17", "unknown"))
    found = [ledger_section(replace(decided, ledger=one), currency="CNY") for one in (faulty, still, nowhere)]
    sections = [ledger_section(decided, currency="CNY"), *found]
    assert len(ledger_faults(faulty)) == 3
    assert still_english([*sections, ledger_section(None, currency=None)]) == []


def test_in_chinese_the_answer_and_the_parts_are_said(decided):
    said = translated(ledger_section(decided, currency="CNY"), language_of("zh"))
    assert said.answer == (
        "2024-11-30 已计提 5,100 CNY，应计提 5,100 CNY。有评分的 2 天内，由 0 CNY 起："
        "新增客户 +3,000 CNY、补提 +2,400 CNY和敞口变动 -300 CNY。各行均勾稽一致。"
    )
    assert said.table["part"].tolist() == [
        *("2024-11-29 至 2024-11-30", "最近一日", "行业 C17", "行业 F51", "地区 north"),
    ]

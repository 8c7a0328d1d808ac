"""Chinese: every sentence of the code is in the catalogue, and nothing of a translated report stays English."""

import ast
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from multiprocessing import Pipe
from pathlib import Path
from string import Formatter

import numpy as np
import pandas as pd
import pytest

import creditscore
from creditscore.domain import ENGLISH, Verdict, joined, kept, text
from creditscore.errors import ParameterError
from creditscore.reporting import (
    EcbInputs,
    Migrations,
    Report,
    Section,
    accuracy_report,
    drift_report,
    ecb_sheets,
    language_of,
    render_html,
    sheets_of,
)
from creditscore.reporting.card.changes import WINDOWS
from creditscore.reporting.formats import heading, plural
from creditscore.reporting.sections.economy import economy_section
from creditscore.reporting.sections.inputs import inputs_section, missing_section, moved_section
from creditscore.reporting.sections.outputs import colours_moved_section, grades_moved_section
from creditscore.reporting.sheets import LONGEST_NAME
from creditscore.reporting.translation import translated

SOURCE = Path(creditscore.__file__).parent
TEMPLATES = [page.read_text("utf-8") for page in (SOURCE / "reporting" / "templates").glob("*.j2")]
CHINESE = language_of("zh")
DATA = {"Gini", "north", "south", "trade_credit", "ab" * 32}  # names and made-up customers: no catalogue knows them
UNSAID = {"language", "along", "tone", "tones", "link", "currency"}
COMMAND = re.compile(r"creditscore(?: [a-z]+)+")  # what one types stays
TRAINED = {*WINDOWS, "definition_hash"}  # names that training writes into a bundle
ENGLISH_WORDS = re.compile(r"(?<![\w`_])[a-z]{2,} [a-z]{2,}(?![\w_])")


def trees() -> Iterator[ast.Module]:
    for module in sorted(SOURCE.rglob("*.py")):
        yield ast.parse(module.read_text("utf-8"))


def constants(node: ast.AST) -> list[str]:
    return [one.value for one in ast.walk(node) if isinstance(one, ast.Constant) and isinstance(one.value, str)]


def keywords(node: ast.AST) -> list[str]:
    """Return the names that values are given by, as columns are to ``assign``."""
    return [one.arg for one in ast.walk(node) if isinstance(one, ast.keyword) and one.arg]


def called(tree: ast.Module, name: str) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name:
            yield node


def templates() -> set[str]:
    """Return the literal templates of every call of ``text``, and the nouns that are counted, for many."""
    found = set()
    for tree in trees():
        for call in called(tree, "text"):
            found |= {call.args[0].value} if isinstance(call.args[0], ast.Constant) else set()
        for call in called(tree, "counted"):
            nouns = constants(call.args[1])
            found |= {f"{{count:,}} {plural(noun)}" for noun in nouns}
    return found


def places(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name}


def strings(thing: object) -> Iterator[str]:
    """Give every string that a reader may meet."""
    match thing:
        case Verdict():
            return
        case str():
            yield thing
        case pd.DataFrame():
            yield from (CHINESE.say(heading(str(name), "CNY")) for name in thing.columns)
            yield from strings([value for name in thing if name != "verdict" for value in thing[name].astype(object)])
        case tuple() | list():
            for part in thing:
                yield from strings(part)
        case dict():
            yield from strings([*thing.keys(), *thing.values()])
        case _ if is_dataclass(thing):
            yield from strings([getattr(thing, one.name) for one in fields(thing) if one.name not in UNSAID])


def english(thing: object) -> list[str]:
    """Return what is still English: two small words in a row, or a cell that is one English word."""
    said = {COMMAND.sub("", one) for one in strings(thing)}
    found = {one for one in said if ENGLISH_WORDS.search(one) or re.fullmatch(r"[A-Za-z]?[a-z]{3,}", one)}
    return sorted(found - DATA)


def test_every_template_of_the_code_has_its_chinese():
    assert sorted(templates() - CHINESE.phrases.keys()) == []


def test_both_languages_fill_the_same_places():
    assert [one for one, said in CHINESE.phrases.items() if places(one) != places(said)] == []


def test_every_entry_of_the_catalogue_is_said_somewhere():
    words = {word for tree in trees() for word in (*constants(tree), *keywords(tree))}
    heads = {heading(word, None) for word in words if re.fullmatch(r"[a-z0-9_]+", word)}
    heads |= {word.replace("_", " ") for word in words | TRAINED}
    counts = {one for one in CHINESE.phrases if one.startswith("{count:,} ")}
    said = words | heads | templates() | {" ", ", ", "; ", " and "}
    dead = [one for one in CHINESE.phrases.keys() - said - counts if not any(one in page for page in TEMPLATES)]
    assert dead == []


def test_nothing_of_an_accuracy_report_stays_english(bundle, policy, scored):
    assert english(accuracy_report(bundle, policy=policy, scored=scored, currency="CNY").said_in(CHINESE)) == []


def test_nothing_of_a_report_on_too_few_customers_stays_english(bundle, policy, sparse):
    few = type(bundle)(frame=sparse.frame, policy_hash="ab" * 32)
    assert english(accuracy_report(few, policy=policy).said_in(CHINESE)) == []


def test_nothing_of_a_drift_report_stays_english(bundle, comparison, policy):
    report = drift_report(bundle, comparison, policy=policy, detail="drift_detail.html")
    chinese = report.said_in(CHINESE)
    assert english(chinese) == []
    assert chinese.link == ("drift_detail.html", CHINESE.say(report.link[1]))
    assert "drift_detail.html" in render_html(chinese)
    reasons = chinese.sections[0].table["alarm_reason"].tolist()
    assert reasons[:2] == [
        f"PSI {comparison.result.feature_psi['overdue_ratio'].value:.3f} 高于 0.250",
        "缺失占比由 0.010 变为 0.200",
    ]


def test_nothing_of_a_drift_report_stays_english_whatever_it_finds(drifted, comparison, policy):
    sides = {"reference": comparison.reference, "current": comparison.current, "policy": policy}
    names = drifted.features["feature"]
    macro = replace(drifted, features=drifted.features.assign(family="macro"))
    many = replace(drifted, features=drifted.features.assign(alarm_flag=True).loc[names.index.repeat(8)])
    calm = replace(drifted, features=drifted.features.assign(alarm_flag=False))
    learned = pd.DataFrame({name: [1.0, 2.0] for name in names})
    found = (
        *(
            build(result)
            for build in (inputs_section, moved_section, missing_section)
            for result in (macro, many, calm)
        ),
        *(economy_section(macro, reference=learned, current=learned + beyond) for beyond in (0, 5)),
        economy_section(calm, reference=learned, current=learned),
        colours_moved_section(replace(drifted, colours=drifted.colours.assign(current_ratio=np.nan))),
        grades_moved_section(replace(drifted, grade=None), **sides),
    )
    assert english(translated(found, CHINESE)) == []


@pytest.mark.parametrize("gone", [False, True])
def test_nothing_of_an_ecb_workbook_stays_english_but_the_title_of_its_source(gone):
    by_grade = pd.DataFrame(
        {"grade": ["A", "B"], "mean_pd": [0.01, 0.1], "customer_count": [90, 0], "default_count": [2, 0]}
    )
    days = text("{first} to {last}", first="2023-12-31", last="2024-12-31")
    unknown = text(
        "two scored days {months} apart are needed (at most a week more), and this bundle scored not at all.",
        months=text("{count:,} months", count=12),
    )
    nobody = "neither the calibration nor the development period has a default and a customer without one."
    inputs = EcbInputs(
        overview={"Model": kept("tiny"), "Migrations": unknown},
        current=by_grade.assign(exposure_amount=100),
        initial=nobody if gone else by_grade,
        initial_auc=nobody if gone else 0.7,
        migrations=unknown if gone else Migrations(counts=np.full((2, 5), 3), period=days),
    )
    said = translated(ecb_sheets(inputs), CHINESE)
    source = "Instructions for reporting the validation results of internal models"
    assert [one for one in english(said) if source not in one] == ["tiny"]
    assert [sheet.name.split()[0] for sheet in said] == ["1", "2.5.3", "2.5.4", "2.5.5.1", "2.5.5.2", "2.5.5.3"]
    assert all(len(sheet.name) <= LONGEST_NAME for sheet in said)


def test_words_that_people_wrote_stay_even_where_the_catalogue_knows_them():
    assert CHINESE.say("customers") != "customers"
    assert CHINESE.say(kept("customers")) == "customers"
    assert CHINESE.say(text("{what}, {currency}", what=kept("customers"), currency="CNY")) == "customers（CNY）"


def test_a_sentence_that_went_to_another_process_can_still_be_said_in_chinese():
    sent = joined([text("{first} to {last}", first="A", last="B"), kept("yes")], ", ")
    there, here = Pipe(duplex=False)
    with there, here:
        here.send(sent)
        assert CHINESE.say(there.recv()) == CHINESE.say(sent) == "A 至 B、yes"


def test_a_page_in_chinese_says_its_language_its_heads_and_its_badges_in_chinese():
    table = pd.DataFrame({"default_rate": [0.012], "verdict": ["pass"], "known_flag": [True]})
    section = Section(
        question="Does it rank defaulters first, out of time?",
        verdict=Verdict.PASS,
        answer=text("{first} to {last}", first="A", last="B"),
        method="Method",
        table=table,
    )
    report = Report(title="In brief", subtitle="", facts={}, sections=(section,))
    page = render_html(report.said_in(CHINESE))
    assert '<html lang="zh">' in page
    assert "A 至 B" in page
    assert "1.20 %" in page
    assert ">通过<" in page
    assert ">是<" in page
    assert 'id="does-it-rank-defaulters-first-out-of-time"' in page
    assert next(sheet.name for sheet in sheets_of(report.said_in(CHINESE))) == "摘要"


def test_in_english_a_report_says_what_it_said(bundle, policy):
    report = accuracy_report(bundle, policy=policy)
    assert render_html(report.said_in(ENGLISH)) == render_html(report)


def test_what_the_catalogue_does_not_know_stays_as_it_is():
    assert CHINESE.say(joined([text("Of {one} alone.", one="C0000042"), "x"], "; ")) == "Of C0000042 alone.；x"


def test_a_language_that_nobody_wrote_is_refused():
    with pytest.raises(ParameterError, match=r"There is no 'fr'\. Choose one of en, zh"):
        language_of("fr")

"""Chinese: every sentence of the code is in the catalogue, and nothing of a translated report stays English."""

import ast
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from string import Formatter

import pandas as pd
import pytest

import creditscore
from creditscore.domain import ENGLISH, Verdict, joined, text
from creditscore.errors import ParameterError
from creditscore.reporting import Report, Section, accuracy_report, language_of, render_html, sheets_of
from creditscore.reporting.card.changes import WINDOWS
from creditscore.reporting.formats import heading, plural

SOURCE = Path(creditscore.__file__).parent
TEMPLATES = [page.read_text("utf-8") for page in (SOURCE / "reporting" / "templates").glob("*.j2")]
CHINESE = language_of("zh")
DATA = {"north", "south", "trade_credit", "ab" * 32}  # words of the made-up customers, which no catalogue knows
UNSAID = {"language", "along", "tone", "tones", "link", "currency"}
TRAINED = {*WINDOWS, "definition_hash"}  # names that training writes into a bundle
ENGLISH_WORDS = re.compile(r"(?<![\w`_])[a-z]{2,} [a-z]{2,}(?![\w_])")


def trees() -> Iterator[ast.Module]:
    for module in sorted(SOURCE.rglob("*.py")):
        yield ast.parse(module.read_text("utf-8"))


def constants(node: ast.AST) -> list[str]:
    return [one.value for one in ast.walk(node) if isinstance(one, ast.Constant) and isinstance(one.value, str)]


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
    found = {one for one in strings(thing) if ENGLISH_WORDS.search(one) or re.fullmatch(r"[A-Za-z]?[a-z]{3,}", one)}
    return sorted(found - DATA)


def test_every_template_of_the_code_has_its_chinese():
    assert sorted(templates() - CHINESE.phrases.keys()) == []


def test_both_languages_fill_the_same_places():
    assert [one for one, said in CHINESE.phrases.items() if places(one) != places(said)] == []


def test_every_entry_of_the_catalogue_is_said_somewhere():
    words = {word for tree in trees() for word in constants(tree)}
    heads = {heading(word, None) for word in words if re.fullmatch(r"[a-z0-9_]+", word)}
    heads |= {word.replace("_", " ") for word in words | TRAINED}
    counts = {one for one in CHINESE.phrases if one.startswith("{count:,} ")}
    said = words | heads | templates() | {" ", ", ", "; ", " and "}
    dead = [one for one in CHINESE.phrases.keys() - said - counts if not any(one in page for page in TEMPLATES)]
    assert dead == []


def test_nothing_of_an_accuracy_report_stays_english(bundle, policy, scored):
    assert english(accuracy_report(bundle, policy=policy, scored=scored, currency="CNY").said_in(CHINESE)) == []


def test_nothing_of_a_report_on_too_few_customers_stays_english(bundle, policy, sparse):
    few = type(bundle)(frame=sparse.frame, policy_hash="of another policy")
    assert english(accuracy_report(few, policy=policy).said_in(CHINESE)) == []


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

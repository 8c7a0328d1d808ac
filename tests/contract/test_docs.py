"""The pages keep their word: links lead somewhere, commands exist, Python blocks find what they import."""

import ast
import importlib
import re
import shlex
from pathlib import Path
from urllib.parse import unquote

import pytest
import typer

from creditscore.cli.app import build

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    [
        *(ROOT / name for name in ("README.md", "README.zh.md", "CONTRIBUTING.md")),
        *(ROOT / "docs").glob("*.md"),
        *(ROOT / "examples").glob("*/README.md"),
    ]
)
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.py"))
FENCED = re.compile(r"^```(?P<language>\w*)\n(?P<content>.*?)^```$", re.MULTILINE | re.DOTALL)
INDENTED = re.compile(r"(?<=\n\n)(?:    \S.*\n)+")
INLINE = re.compile(r"(?<!`)`(creditscore [^`]+)`")
LINK = re.compile(r"\]\((?P<target>[^)\s]+)\)")
HEADING = re.compile(r"^#+ (?P<text>.+)$", re.MULTILINE)
ELSEWHERE = re.compile(r"[a-z]+:")
COMMAND = re.compile(r"^(?:\$ )?(?:\S*/)?creditscore (?P<words>.+)$")
OPTIONAL = str.maketrans("", "", "[]")  # a synopsis puts brackets around what may be left out
END_OF_COMMAND = {"|", ";", "&&", ">", ">>", "&"}


def named(path):
    return str(path.relative_to(ROOT))


def links(path):
    """Links of a page or of a notebook's text, without those inside code."""
    return [match["target"] for match in LINK.finditer(FENCED.sub("", path.read_text("utf-8")))]


def leads_somewhere(link, page):
    target, _, fragment = unquote(link).partition("#")
    file = (page.parent / target).resolve() if target else page
    if not file.exists() or not fragment:
        return file.exists()
    return fragment in {anchor(text) for text in HEADING.findall(file.read_text("utf-8"))}


def anchor(heading):
    return re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-")


@pytest.mark.parametrize("page", [*PAGES, *NOTEBOOKS], ids=named)
def test_every_relative_link_leads_to_a_file_and_a_heading_that_exist(page):
    assert [link for link in links(page) if not ELSEWHERE.match(link) and not leads_somewhere(link, page)] == []


def command_lines(path):
    """Command lines of a page's blocks, whole, and those named inside its sentences, which may leave arguments out."""
    text = path.read_text("utf-8")
    blocks = [match["content"] for match in FENCED.finditer(text) if match["language"] in {"", "console", "bash", "sh"}]
    blocks += [match.group() for match in INDENTED.finditer(FENCED.sub("", text))]
    lines = "\n".join(blocks).replace("\\\n", " ").splitlines()
    whole = [match["words"] for line in lines if (match := COMMAND.match(line.strip()))]
    within = [match["words"] for text in INLINE.findall(FENCED.sub("", text)) if (match := COMMAND.match(text))]
    return [(line, True) for line in whole] + [(line, False) for line in within]


COMMANDS = [(path, words, whole) for path in PAGES for words, whole in command_lines(path)]


@pytest.fixture(scope="module")
def creditscore():
    return typer.main.get_command(build())


def complaint(group, words):
    """Say what is wrong with a command line, without running it or converting its values; nothing if all is well."""
    rest = []
    for word in shlex.split(words.translate(OPTIONAL), comments=True):
        if word in END_OF_COMMAND:
            break
        rest.append(word)
    command = group
    while hasattr(command, "commands") and rest and not rest[0].startswith("-"):
        if rest[0] not in command.commands:
            return f"no command {rest[0]!r}"
        command = command.commands[rest.pop(0)]
    return refusal(command, rest)


def refusal(command, arguments):
    context = command.context_class(command)
    try:
        values, left, _ = command.make_parser(context).parse_args(list(arguments))
    except Exception as error:  # noqa: BLE001 - typer brings its own copy of click's errors
        return str(error)
    return f"{left} is too much" if left else lacking(command, values)


def lacking(command, values):
    absent = [one.name for one in command.params if one.required and values.get(one.name) in (None, ())]
    return f"lacks {absent}" if absent else ""


@pytest.mark.parametrize(("page", "words", "whole"), COMMANDS, ids=lambda value: str(value)[-60:])
def test_every_command_line_names_commands_and_options_that_exist(creditscore, page, words, whole):
    found = complaint(creditscore, words)
    if not whole and found.startswith("lacks"):
        return
    assert found == "", f"{named(page)}: creditscore {words}"


def test_the_check_of_command_lines_refuses_what_does_not_exist(creditscore):
    assert complaint(creditscore, "scor --as-of today") == "no command 'scor'"
    assert complaint(creditscore, "score --as-off today")
    assert complaint(creditscore, "score --as-of today extra")
    assert complaint(creditscore, "train").startswith("lacks")
    assert complaint(creditscore, "train trade_credit -w demo  # a remark") == ""


def test_the_readme_shows_commands():
    assert [words for path, words, _ in COMMANDS if path.name == "README.md" and path.parent == ROOT]


def python_blocks(path):
    return [match["content"] for match in FENCED.finditer(path.read_text("utf-8")) if match["language"] == "python"]


BLOCKS = [(path, block) for path in PAGES for block in python_blocks(path)]


@pytest.mark.parametrize(("page", "block"), BLOCKS, ids=lambda value: str(value)[-40:].strip())
def test_every_python_block_compiles_and_finds_what_it_imports(page, block):
    tree = ast.parse(block, filename=named(page))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                importlib.import_module(alias.name)
        elif isinstance(node, ast.ImportFrom):
            module = importlib.import_module(node.module)
            absent = [alias.name for alias in node.names if not hasattr(module, alias.name)]
            assert absent == []


def test_the_chinese_readme_shows_the_same_commands_code_and_links():
    english, chinese = ROOT / "README.md", ROOT / "README.zh.md"
    here = [match["content"] for match in FENCED.finditer(english.read_text("utf-8"))]
    there = [match["content"] for match in FENCED.finditer(chinese.read_text("utf-8"))]
    assert [without_remarks(block) for block in there] == [without_remarks(block) for block in here]
    assert sorted(links(chinese)) == sorted("README.md" if link == "README.zh.md" else link for link in links(english))


def without_remarks(block):
    return re.sub(r"  # .*", "", block)

"""The client and curl ask a real server as their page says."""

import json
import re
import shlex
import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest

from creditscore.scoring import read_scores
from creditscore_client import Client, NotFoundError, SnapshotRow

PROJECT = Path(__file__).parents[2]
PAGES = ("README.md", "README.zh.md", "docs/client.md", "docs/serving.md")
DAYS = [date(2023, 2, 27), date(2023, 2, 28)]
# The pages speak of the demonstration's last two days; the small portfolio of the tests has others.
DAY_OF = {"2024-12-30": f"{DAYS[0]}", "2024-12-31": f"{DAYS[1]}"}


@pytest.fixture(scope="module")
def server(scored, serving):
    with serving(scored) as opened:
        yield opened


def rewritten(text, server):
    for there, here in DAY_OF.items():
        text = text.replace(there, here)
    return text.replace("http://127.0.0.1:3000", server.url)


def curls():
    """Yield each curl of the pages; one whose quotation ends on a later line is told over several lines."""
    for page in PAGES:
        lines = iter((PROJECT / page).read_text("utf-8").splitlines())
        for line in lines:
            if line.startswith("curl "):
                command = line
                while command.count("'") % 2:
                    command += "\n" + next(lines)
                yield command


@pytest.mark.parametrize("command", sorted(set(curls())))
def test_each_curl_of_the_pages_is_answered(server, command):
    if shutil.which("curl") is None:
        pytest.skip("There is no curl on this machine.")
    words = [*shlex.split(rewritten(command, server)), "-w", "\n%{http_code}"]
    found = subprocess.run(words, capture_output=True, text=True, check=True, timeout=60)
    body, status = found.stdout.rsplit("\n", 1)
    assert status == ("409" if "/v1/advice" in command else "200"), body
    assert json.loads(body)


def shape(content):
    """Return the fields of an answer and of their fields; an entry of a list stands for all of them."""
    if isinstance(content, dict):
        return {name: shape(value) for name, value in content.items()}
    return [shape(content[0])] if isinstance(content, list) and content else None


def shown_answers():
    for page in PAGES:
        text = (PROJECT / page).read_text("utf-8")
        yield from re.findall(r"^(curl .*)\n```\n+```json\n(.*?)```", text, flags=re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize(("command", "shown"), list(shown_answers()), ids=lambda text: text[:60])
def test_an_answer_that_a_page_shows_has_the_fields_of_the_real_one(server, command, shown):
    if shutil.which("curl") is None:
        pytest.skip("There is no curl on this machine.")
    words = shlex.split(rewritten(command, server))
    found = json.loads(subprocess.run(words, capture_output=True, text=True, check=True, timeout=60).stdout)
    wanted = json.loads(shown)
    # Either customer may be frozen; test_python_client.py reads what then stands there.
    found["decision"]["freeze"] = wanted["decision"]["freeze"] = None
    assert shape(found) == shape(wanted)


def test_a_page_shows_an_answer():
    assert list(shown_answers())


def test_the_pages_show_a_curl_for_every_endpoint(server):
    asked = "\n".join(curls()).replace("C0000042", "{customer_id}")
    for path in server.client.get("/openapi.json").json()["paths"]:
        assert re.search(rf"3000{re.escape(path)}['?\s]", asked + "\n"), path


def test_the_python_of_the_page_runs(server, capsys):
    page = (PROJECT / "docs/client.md").read_text("utf-8")
    first, *others = re.findall(r"```python\n(.*?)```", page, flags=re.DOTALL)
    names = {}
    exec(rewritten(first, server), names)  # noqa: S102 - the page's own
    with Client(server.url) as client:
        for code in others:
            exec(code, names | {"client": client})  # noqa: S102 - the page's own
    assert "This customer has no score" in capsys.readouterr().out


def test_the_client_reads_what_the_daily_run_wrote(server, scored):
    rows = read_scores(scored, as_of=DAYS[-1])
    with Client(server.url) as client:
        found = list(client.all_scores([*rows["customer_id"], "stranger"]))
        assert [one.log_odds for one in found] == rows["log_odds"].tolist()
        assert [one.default_probability for one in found] == rows["pd_12m"].tolist()
        assert [one.as_of for one in client.whole_history("C0000001")] == DAYS[::-1]
        assert client.changes("C0000001", from_=DAYS[0], to=DAYS[1]).customer_id == "C0000001"
        assert client.portfolio().currency == "CNY"
        assert client.readiness().ready
        (row,) = client.all_rows([SnapshotRow(customer_id="C1", as_of=DAYS[1], features={})])
        assert row.status == 400
        with pytest.raises(NotFoundError, match="as_of"):
            client.reserve(as_of=date(2020, 1, 1))

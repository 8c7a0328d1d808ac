"""The commands about keys and the access log, and where a server may listen."""

import json

import pytest
import typer
from typer.testing import CliRunner

from creditscore.errors import ParameterError
from creditscore_serving import access_commands
from creditscore_serving.access import Caller
from creditscore_serving.access.entry import Entry
from creditscore_serving.commands import check_host


@pytest.fixture
def run(place):
    app = typer.Typer()
    access_commands.register(app)

    def command(*words):
        answer = CliRunner().invoke(app, [*words, "--workspace", str(place.root)])
        if answer.exception is not None and not isinstance(answer.exception, SystemExit):
            raise answer.exception
        return answer

    return command


def test_a_key_is_shown_once_and_then_by_its_public_part_alone(run):
    made = run("keys", "create", "erp", "--scope", "scores:read", "--unit", "region=North East", "--rate", "50/s")
    text = made.stdout.splitlines()[-1]
    listed = run("keys", "list").stdout
    assert text.startswith("csk_")
    assert "good  erp  scores:read of region=North East, 50/s" in listed
    assert text.split("_")[1] in listed
    assert text.split("_", 2)[2] not in listed
    assert "1 keys, 1 of them good." in listed


def test_a_revoked_and_an_ended_key_are_listed_as_such(run):
    run("keys", "create", "erp", "--scope", "admin", "--expires-on", "2999-12-31")
    assert "admin, made" in run("keys", "list").stdout
    assert "ends 2999-12-31" in run("keys", "list").stdout
    assert "is revoked" in run("keys", "revoke", "erp").stdout
    assert "revoked  erp" in run("keys", "list").stdout
    with pytest.raises(ParameterError, match="creditscore keys list"):
        run("keys", "revoke", "erp")


@pytest.mark.parametrize("wrong", [["--scope", "everything"], [], ["--scope", "admin", "--expires-on", "soon"]])
def test_a_wrong_option_is_refused_and_makes_no_key(run, wrong):
    assert run("keys", "create", "erp", *wrong).exit_code == 2
    assert "0 keys" in run("keys", "list").stdout


def test_the_log_is_told_in_lines_and_as_json(run, access_store):
    ids = tuple(f"C{number}" for number in range(7))
    asked = Entry(
        entry_id="e1",
        asked_at=1_790_000_000.0,
        caller="erp",
        key_id="00ff00ff00ff",
        action="POST /v1/scores",
        customer_ids=ids,
        status=200,
        request_id="r1",
    )
    access_store.append([asked])
    line = "2026-09-21 14:13:20  erp (00ff00ff00ff)  POST /v1/scores  200  about C0, C1, C2, C3, C4 and 2 more"
    assert run("access", "log").stdout.splitlines() == [line, "1 requests."]
    assert json.loads(run("access", "log", "--customer", "C6", "--json").stdout)["customer_ids"] == list(ids)
    assert "0 requests." in run("access", "log", "--customer", "C9").stdout
    assert "1 requests." in run("access", "log", "--since", "2026-09-21", "--until", "2026-09-21").stdout
    assert "0 requests." in run("access", "log", "--until", "2026-09-20").stdout
    assert "0 requests." in run("access", "log", "--since", "2026-09-22").stdout


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.0.0.7", "scoring.example.com", "127.0.0.1.example.com"])  # noqa: S104 - nothing listens
def test_a_server_that_others_reach_does_not_start_while_nobody_could_come_in(place, access_store, host):
    with pytest.raises(ParameterError, match="creditscore keys create"):
        check_host(place, host)
    access_store.create_key(Caller("erp", frozenset({"scores:read"})))
    check_host(place, host)
    access_store.revoke("erp")
    with pytest.raises(ParameterError, match="creditscore keys create"):
        check_host(place, host)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_a_server_of_this_machine_alone_starts_without_a_key(place, host):
    check_host(place, host)
    assert not list(place.root.iterdir())

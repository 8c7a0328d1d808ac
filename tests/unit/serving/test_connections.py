"""What the server of a process is told about its connections."""

import asyncio
import resource

import pytest
import uvicorn
from uvicorn.config import HTTP_PROTOCOLS, LOOP_FACTORIES

from creditscore_serving.access.settings import Limits
from creditscore_serving.connections import KEPT_FILES, Bounded, allowed_files, bound_connections


@pytest.fixture(autouse=True)
def kept(monkeypatch):
    """Give back what is set for the whole process."""
    monkeypatch.setitem(HTTP_PROTOCOLS, "auto", HTTP_PROTOCOLS["auto"])
    monkeypatch.setitem(LOOP_FACTORIES, "auto", LOOP_FACTORIES["auto"])
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, limits)


def test_the_server_that_is_made_next_takes_all_that_connect_in_turn_and_holds_them_to_limits():
    bound_connections(Limits(connections=50, header_seconds=3, answer_seconds=7))
    config = uvicorn.Config(lambda: None)
    config.load()
    assert config.http_protocol_class is Bounded
    assert (Bounded.most, Bounded.header_seconds, Bounded.answer_seconds) == (50, 3.0, 7.0)
    loop = config.get_loop_factory()()
    loop.close()
    assert isinstance(loop, asyncio.SelectorEventLoop)


def test_a_process_is_given_all_files_that_the_system_allows_and_keeps_some_for_itself():
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(1024, hard), hard))
    bound_connections(Limits(connections=10**9))
    assert allowed_files() - KEPT_FILES == Bounded.most
    assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] == hard

"""A workspace with two scored days, and its application asked without a network."""

import asyncio
import threading
from datetime import date

import httpx
import pytest

from creditscore_client import Client as TypedClient
from creditscore_serving.application import application_of
from creditscore_serving.desk.desk import Desk

DAYS = [date(2023, 2, 27), date(2023, 2, 28)]


class Client:
    """Asks an application from synchronous code; its loop runs on between the questions, as a server's does."""

    def __init__(self, application):
        transport = httpx.ASGITransport(application, raise_app_exceptions=False)
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        self.session = httpx.AsyncClient(transport=transport, base_url="http://desk")

    def request(self, method, path, **asked):
        return self._wait(self.session.request(method, path, **asked))

    def get(self, path, **asked):
        return self.request("GET", path, **asked)

    def post(self, path, **asked):
        return self.request("POST", path, **asked)

    def close(self):
        self._wait(self.session.aclose())
        self._wait(self.loop.shutdown_default_executor())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()

    def _wait(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(timeout=60)


@pytest.fixture(scope="module")
def observed():
    """Collect what the application tells its metrics."""
    return []


@pytest.fixture(scope="module")
def desk(scored):
    """Return a desk whose edition is taken up."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("CREDITSCORE_STORE", raising=False)
        opened = Desk(scored)
        opened.editions.refresh()
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def client_of():
    """Return what asks an application."""
    return Client


@pytest.fixture(scope="module")
def client(desk, observed):
    client = Client(application_of(desk, observe=lambda *told: observed.append(told)))
    yield client
    client.close()


class Bridge(httpx.BaseTransport):
    """Carries what a synchronous client asks to an application without a network, and keeps what came back."""

    def __init__(self, client):
        self.client, self.answers = client, []

    def handle_request(self, request):
        headers = {name: value for name, value in request.headers.items() if name != "host"}
        found = self.client.request(request.method, str(request.url), content=request.read(), headers=headers)
        self.answers.append(found.content)
        return httpx.Response(found.status_code, headers=found.headers, content=found.content)


@pytest.fixture(scope="session")
def typed_of():
    """Return what makes the typed client of an application, from what asks it."""
    return lambda client: TypedClient("http://desk", transport=Bridge(client))


@pytest.fixture(scope="module")
def bridge(client):
    return Bridge(client)


@pytest.fixture(scope="module")
def answers(bridge):
    """Return the bodies of all answers that the typed client got."""
    return bridge.answers


@pytest.fixture(scope="module")
def typed(bridge):
    """Return the typed client of the application."""
    with TypedClient("http://desk", transport=bridge) as client:
        yield client

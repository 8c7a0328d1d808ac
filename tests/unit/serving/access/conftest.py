"""A guarded application without a model, and a client that speaks ASGI to it in this process."""

import asyncio
import json
from types import SimpleNamespace

import pytest
from starlette.applications import Starlette
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.routing import Route

from creditscore.domain import Workspace
from creditscore_serving.access import AccessControl, AccessStore, Caller, Guard, Permission, about, current_caller


@pytest.fixture
def place(tmp_path):
    return Workspace(tmp_path)


@pytest.fixture
def access_store(place):
    with AccessStore(place.access_url) as opened:
        yield opened


@pytest.fixture
def key_of(access_store):
    """Make a key and return the whole of it."""

    def make(*scopes, name="erp", expires_on=None, **rest):
        caller = Caller(name, frozenset(Permission(one) for one in scopes), **rest)
        return access_store.create_key(caller, expires_on=expires_on)[1]

    return make


async def told(request):
    """Answer who asks, as the state and as the context have it."""
    caller = request.state.caller
    assert caller is current_caller()
    return JSONResponse({"caller": caller.name, "request_id": request.state.request_id})


async def posted(request):
    ids = json.loads(await request.body())["customer_ids"]
    about(ids)
    return JSONResponse({"count": len(ids)})


async def healthy(_request):
    return PlainTextResponse("\n")


ROUTES = [
    Route("/v1/customers/{customer_id}/score", told),
    Route("/v1/scores", posted, methods=["POST"]),
    Route("/v1/rows", posted, methods=["POST"]),
    Route("/readyz", healthy),
    Route("/metrics", healthy),
]


class Client:
    """Asks an ASGI application on one event loop."""

    def __init__(self, app, runner):
        self.app = app
        self.runner = runner

    def ask(self, method, path, *, key=None, headers=None, body=(), peer="127.0.0.1", **scope):
        """Return status, headers, text and content; `body` are the pieces as they arrive, numbers are pauses."""
        named = {"authorization": f"Bearer {key}"} if key else {}
        encoded = [(name.encode(), value.encode()) for name, value in (named | (headers or {})).items()]
        whole = {"type": "http", "method": method, "path": path, "headers": encoded, "query_string": b"", **scope}
        whole |= {"client": None if peer is None else (peer, 50_000), "http_version": "1.1"}
        return self.runner.run(self._talk(whole, list(body)))

    def get(self, path, **rest):
        return self.ask("GET", path, **rest)

    def post(self, path, content, *, headers=None, **rest):
        body = json.dumps(content).encode()
        return self.ask("POST", path, headers={"content-length": f"{len(body)}"} | (headers or {}), body=[body], **rest)

    async def _talk(self, scope, pieces):
        sent = []
        said = enumerate(pieces or [b""], start=1)

        async def receive():
            count, piece = next(said, (0, None))
            if piece is None:
                await asyncio.Event().wait()  # the client stays and says no more
            if not isinstance(piece, bytes):
                await asyncio.sleep(piece)
                return await receive()
            return {"type": "http.request", "body": piece, "more_body": count < len(pieces)}

        async def send(message):
            sent.append(message)

        await self.app(scope, receive, send)
        headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
        text = b"".join(message.get("body", b"") for message in sent[1:]).decode()
        is_json = "json" in headers.get("content-type", "")
        return SimpleNamespace(
            status=sent[0]["status"], headers=headers, text=text, content=json.loads(text) if is_json else None
        )


@pytest.fixture
def runner():
    with asyncio.Runner() as opened:
        yield opened


@pytest.fixture
def serve(place, runner):
    """Make a client of the guarded application; its guard is closed in the end."""
    guards = []

    def start(routes=ROUTES, **rest):
        guard = Guard(place, **rest)
        guards.append(guard)
        client = Client(AccessControl(Starlette(routes=routes), guard=guard), runner)
        client.guard = guard
        return client

    yield start
    for guard in guards:
        guard.close()

"""Clients that are slow, send too much, or hold connections open, against a real server that others ask meanwhile."""

import json
import resource
import socket
import threading
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import pytest

CUSTOMER = "/v1/customers/C0000001/score"
HEADER_SECONDS, BODY_SECONDS, ANSWER_SECONDS = 1, 1, 3
CONNECTIONS = 100
SETTINGS = (
    f"limits: {{header_seconds: {HEADER_SECONDS}, body_seconds: {BODY_SECONDS}, answer_seconds: {ANSWER_SECONDS}, "
    f"connections: {CONNECTIONS}}}\n"
)
MANY_SETTINGS = "limits: {header_seconds: 300, connections: 1000000}\n"
MANY = 10_000
SPARE_FILES = 400  # of this process, and of the server beside its connections
BOUNDED_SECONDS = 30  # far more than the limits above, for a busy machine
BODY_BYTES = 100_000_000
MEBIBYTE = 2**20


@pytest.fixture(scope="module")
def server(scored, serving):
    scored.access_settings.write_text(SETTINGS, "utf-8")
    with serving(scored) as started:
        yield started


@pytest.fixture
def worker(server):
    (found,) = server.workers(1)
    return Path(f"/proc/{found}")


def connection(server):
    found = socket.create_connection(("127.0.0.1", server.port), timeout=BOUNDED_SECONDS)
    found.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return found


def received(client):
    """Return all that the server sends until it closes the connection."""
    parts = []
    try:
        while part := client.recv(65_536):
            parts.append(part)
    except ConnectionResetError:
        pass
    return b"".join(parts)


@contextmanager
def answered_meanwhile(server):
    """Ask for a score again and again beside a block; every one must be answered."""
    statuses, stopped = [], threading.Event()

    def ask():
        with httpx.Client(base_url=server.url, timeout=60) as session:
            while not stopped.wait(0.02):
                statuses.append(session.get(CUSTOMER).status_code)

    thread = threading.Thread(target=ask)
    thread.start()
    try:
        yield
        server.wait_until(lambda: len(statuses) >= 5)
    finally:
        stopped.set()
        thread.join(timeout=60)
    assert set(statuses) == {200}


def test_headers_that_trickle_in_are_refused_in_bounded_time(server):
    with ExitStack() as stack, answered_meanwhile(server):
        slow = [stack.enter_context(connection(server)) for _ in range(20)]
        begun = time.monotonic()
        for client in slow:
            client.sendall(b"GET /livez HTTP/1.1\r\nhost: a\r\n")
        closed = set()
        while len(closed) < len(slow):
            assert time.monotonic() - begun < BOUNDED_SECONDS
            for client in slow:
                try:
                    client.sendall(b"x-more: 1\r\n")
                except OSError:
                    closed.add(client)
            time.sleep(0.1)


def test_a_client_is_told_that_its_headers_were_too_slow(server):
    with connection(server) as client:
        client.sendall(b"GET /livez HTTP/1.1\r\nhost: a\r\n")
        answer = received(client)
    assert answer.startswith(b"HTTP/1.1 408 Request Timeout\r\n")
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["detail"] == "The headers did not arrive in time."


def test_a_connection_that_says_nothing_is_closed_without_a_word(server):
    with connection(server) as client:
        assert received(client) == b""


def test_a_connection_that_asked_before_is_held_to_the_same(server):
    with connection(server) as client:
        client.sendall(b"GET /readyz HTTP/1.1\r\nhost: a\r\n\r\n")
        while b'"ready":true' not in client.recv(65_536):
            pass
        client.sendall(b"GET /readyz HTT")
        assert received(client).startswith(b"HTTP/1.1 408")


def test_a_body_that_trickles_in_is_refused_in_bounded_time(server):
    with connection(server) as client, answered_meanwhile(server):
        client.sendall(b"POST /v1/score HTTP/1.1\r\nhost: a\r\ncontent-length: 1000\r\n\r\n")
        begun = time.monotonic()
        try:
            while time.monotonic() - begun < BOUNDED_SECONDS:
                client.sendall(b" ")
                time.sleep(0.1)
            pytest.fail("The server still listens.")
        except OSError:
            pass


def test_a_client_is_told_that_its_body_was_too_slow(server):
    with connection(server) as client:
        client.sendall(b"POST /v1/score HTTP/1.1\r\nhost: a\r\ncontent-length: 1000\r\n\r\n ")
        answer = received(client)
    assert answer.startswith(b"HTTP/1.1 408")
    assert b"application/problem+json" in answer


def test_a_client_that_does_not_read_its_answer_is_cut_off_and_leaves_no_trace_in_the_log(server, worker):
    ids = ["C0000001"] * 10_000  # 15 MB of answer, more than the system keeps for a client
    body = json.dumps({"customer_ids": ids}).encode()
    before = open_files(worker)
    with answered_meanwhile(server), ExitStack() as stack:
        for _ in range(8):
            client = stack.enter_context(connection(server))
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            head = (
                b"POST /v1/scores HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n"
            )
            client.sendall(head % len(body) + body)
        server.wait_until(lambda: open_files(worker) >= before + 8)
        server.wait_until(lambda: open_files(worker) <= before + 3, seconds=BOUNDED_SECONDS)
    assert "Traceback" not in server.log


def test_one_connection_too_many_is_told_so_and_room_is_made_again(server):
    with ExitStack() as stack:
        opened = [stack.enter_context(connection(server)) for _ in range(CONNECTIONS + 20)]
        answers = [received(client) for client in opened]
    refused = [answer for answer in answers if answer]
    assert len(refused) >= 20
    assert all(answer.startswith(b"HTTP/1.1 503 Service Unavailable\r\n") for answer in refused)
    assert all(b"retry-after: 1\r\n" in answer for answer in refused)
    problem = json.loads(refused[0].partition(b"\r\n\r\n")[2])
    assert (problem["status"], problem["detail"]) == (503, "Too many connections are open.")
    server.wait_until(lambda: httpx.get(f"{server.url}{CUSTOMER}", timeout=60).status_code == 200)


def open_files(worker):
    return len(list((worker / "fd").iterdir()))


def memory(worker, name):
    lines = dict(line.split(":", 1) for line in (worker / "status").read_text("ascii").splitlines())
    return int(lines[name].split()[0]) * 1024


def sent(server, head, pieces):
    """Send a body until the server refuses it; return the answer."""
    with connection(server) as client:
        client.sendall(b"POST /v1/rows HTTP/1.1\r\nhost: a\r\n" + head + b"\r\n\r\n")
        try:
            for piece in pieces:
                client.sendall(piece)
        except OSError:
            pass
        return received(client)


@pytest.mark.parametrize("stated", [True, False], ids=["of stated length", "in chunks"])
def test_a_body_of_100_mb_is_refused_and_the_worker_does_not_grow_by_it(server, worker, stated):
    server.client.post("/v1/rows", content=b"[" + b" " * MEBIBYTE)  # what the first body makes, the others use again
    (worker / "clear_refs").write_text("5", "ascii")  # the peak begins anew
    before = memory(worker, "VmRSS")
    piece = b" " * MEBIBYTE
    if stated:
        answer = sent(server, b"content-length: %d" % BODY_BYTES, [piece] * (BODY_BYTES // MEBIBYTE))
    else:
        chunk = b"%x\r\n%s\r\n" % (len(piece), piece)
        answer = sent(server, b"transfer-encoding: chunked", [chunk] * (BODY_BYTES // MEBIBYTE))
    assert answer.startswith(b"HTTP/1.1 413")
    assert memory(worker, "VmHWM") - before < (10 if stated else 60) * MEBIBYTE
    assert server.client.get(CUSTOMER).status_code == 200


def test_more_bodies_than_a_worker_holds_are_refused_unread_and_room_is_made_again(server):
    """Each says that it is large and sends nothing: what is stated is held, until it should have arrived."""
    size = 16 * MEBIBYTE
    head = b"POST /v1/rows HTTP/1.1\r\nhost: a\r\ncontent-length: %d\r\n\r\n" % size
    with ExitStack() as stack, answered_meanwhile(server):
        clients = [stack.enter_context(connection(server)) for _ in range(60)]
        for client in clients:
            client.sendall(head)
        first_lines = [client.recv(65_536).partition(b"\r\n")[0] for client in clients]
    assert set(first_lines) == {b"HTTP/1.1 503 Service Unavailable", b"HTTP/1.1 408 Request Timeout"}
    answer = httpx.post(f"{server.url}/v1/rows", content=b" " * size, timeout=60)
    assert answer.status_code == 400


@pytest.mark.slow
def test_scores_are_answered_while_thousands_of_connections_are_held_open(scored, serving):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    count = min(MANY, hard - SPARE_FILES)
    if count < 500:
        pytest.skip(f"This machine lets a process open {hard} files.")
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    scored.access_settings.write_text(MANY_SETTINGS, "utf-8")
    try:
        with serving(scored) as server:
            (found,) = server.workers(1)
            worker = Path(f"/proc/{found}")
            before, memory_before = open_files(worker), memory(worker, "VmRSS")
            with answered_meanwhile(server), ExitStack() as stack:
                for _ in range(count):
                    stack.enter_context(connection(server))
                server.wait_until(lambda: open_files(worker) >= before + count)
                assert httpx.get(f"{server.url}{CUSTOMER}", timeout=60).status_code == 200
                grown = memory(worker, "VmRSS") - memory_before
                print(f"{count} connections held open, {grown / count / 1024:.1f} KiB each")  # noqa: T201 - for pytest -s
            server.wait_until(lambda: open_files(worker) <= before + 5)
            assert httpx.get(f"{server.url}{CUSTOMER}", timeout=60).status_code == 200
    finally:
        scored.access_settings.write_text(SETTINGS, "utf-8")
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))

"""The nginx that docs/security.md shows, in front of a real server."""

import os
import re
import shutil
import socket
import ssl
import subprocess
import time
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest

PROJECT = Path(__file__).parents[2]
SCORE = "/v1/customers/C0000001/score"
AROUND = """\
{user}
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{}}
http {{
    access_log {folder}/access.log;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
{server}
}}
"""
PATIENCE_SECONDS = 60
MEBIBYTE = 2**20

pytestmark = pytest.mark.slow


def shown(port, upstream, folder):
    """Return the block of the documentation with its ports and its certificate replaced, and nothing else."""
    text = (PROJECT / "docs" / "security.md").read_text("utf-8")
    block = re.search(r"```nginx\n(.*?)```", text, re.DOTALL)[1]
    for written, here in (
        ("listen 443 ssl;", f"listen 127.0.0.1:{port} ssl;"),
        ("http2 on;", "" if is_old() else "http2 on;"),  # before 1.25.1 it was a word of `listen`
        ("http://127.0.0.1:3000", f"http://127.0.0.1:{upstream}"),
        ("/etc/ssl/scoring.crt", f"{folder}/scoring.crt"),
        ("/etc/ssl/scoring.key", f"{folder}/scoring.key"),
    ):
        assert written in block
        block = block.replace(written, here)
    return block


def is_old():
    told = subprocess.run(["nginx", "-v"], check=True, capture_output=True, text=True).stderr
    return tuple(map(int, re.search(r"nginx/([\d.]+)", told)[1].split("."))) < (1, 25, 1)


def certify(folder):
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    names = ["-addext", "subjectAltName=IP:127.0.0.1"]
    files = ["-keyout", folder / "scoring.key", "-out", folder / "scoring.crt"]
    subprocess.run([*command, *names, *files], check=True, capture_output=True)


@pytest.fixture(scope="module")
def proxied(scored, serving, tmp_path_factory):
    if shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin") is None or shutil.which("openssl") is None:
        pytest.skip("nginx or openssl is not installed; apt-get install -y nginx-light openssl")
    folder = tmp_path_factory.mktemp("nginx")
    certify(folder)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    scored.access_settings.write_text("limits: {body_seconds: 1}\n", "utf-8")
    user = "user root;" if os.geteuid() == 0 else ""  # who else could not write into the folder of a test
    with serving(scored) as server:
        configuration = AROUND.format(folder=folder, user=user, server=shown(port, server.port, folder))
        (folder / "nginx.conf").write_text(configuration, "utf-8")
        command = ["nginx", "-p", folder, "-e", folder / "error.log", "-c", folder / "nginx.conf"]
        process = subprocess.Popen(command)
        try:
            context = ssl.create_default_context(cafile=folder / "scoring.crt")
            with httpx.Client(base_url=f"https://127.0.0.1:{port}", verify=context, timeout=60) as client:
                wait_until_it_listens(port, process)
                yield SimpleNamespace(client=client, server=server, port=port, folder=folder)
        finally:
            process.terminate()
            process.wait(timeout=30)


def wait_until_it_listens(port, process):
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        assert process.poll() is None
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail("nginx did not listen in time.")


def test_a_score_comes_over_tls_as_the_server_gives_it(proxied):
    answer = proxied.client.get(SCORE)
    straight = proxied.server.client.get(SCORE)
    assert answer.json() == straight.json()
    assert answer.headers["x-edition"] == straight.headers["x-edition"]
    assert answer.headers["etag"] == straight.headers["etag"]
    assert proxied.client.get(SCORE, headers={"if-none-match": straight.headers["etag"]}).status_code == 304


def test_the_id_of_a_request_is_passed_on_or_made_there(proxied):
    assert proxied.client.get(SCORE, headers={"x-request-id": "order-7"}).headers["x-request-id"] == "order-7"
    assert re.fullmatch("[0-9a-f]{32}", proxied.client.get(SCORE).headers["x-request-id"])  # nginx's; ours are shorter


def test_problems_come_through_and_what_is_inside_stays_inside(proxied):
    answer = proxied.client.get("/v1/customers/a%2Fb/score")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
    for path in ("/metrics", "/readyz", "/openapi.json", "/"):
        inside = proxied.client.get(path)
        assert (inside.status_code, "nginx" in inside.text) == (404, True)


@pytest.mark.parametrize(("size", "status"), [(32 * MEBIBYTE, 400), (32 * MEBIBYTE + 1, 413)])
def test_a_body_may_be_as_large_as_the_server_takes_and_no_larger(proxied, size, status):
    assert proxied.client.post("/v1/rows", content=b" " * size).status_code == status


def test_a_slow_body_waits_at_nginx_and_holds_up_no_worker(proxied):
    body = b'{"customer_id": "C0000001"}'

    def slowly():
        for place in range(0, len(body), 9):
            yield body[place : place + 9]
            time.sleep(1)

    headers = {"content-type": "application/json", "content-length": f"{len(body)}"}
    answer = proxied.client.post("/v1/score", content=slowly(), headers=headers)
    assert answer.status_code == 200  # the server itself gives a body a second here

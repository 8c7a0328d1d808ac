"""How fast the service answers, beside a bare Starlette application under uvicorn that only echoes.

    .venv/bin/python benchmarks/serving.py WORKSPACE [SOAK_MINUTES]

Needs wrk (`apt-get install wrk`) and a scored workspace, such as that of `make demo`. Server and load share the
processors, so read the ratios: the bare application and the service take turns, three times each. Processor time per
answer is the worker's own, which other work on the machine does not change. Customers are asked in turn, not one alone.
"""

import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from creditscore.domain import Workspace
from creditscore.scoring import DecisionStore, read_snapshot

SECONDS, TURNS, CONNECTIONS = 4, 3, 8
SLOW_RATE, ROW_RATE = 1250, 200
ECHO = """
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route
async def echo(request):
    return Response(b'{"customer_id":"C0000042","score":76.89,"colour":"yellow"}', media_type="application/json")
app = Starlette(routes=[Route("/v1/customers/{customer_id}/score", echo)])
"""
IN_TURN = """
local ids, place = {%s}, 0
request = function() place = place %% #ids + 1
  return wrk.format("GET", "/v1/customers/" .. ids[place] .. "/score") end
"""
POST = 'wrk.method = "POST"\nwrk.headers["content-type"] = "application/json"\nwrk.body = %s\n'
DELAY = "delay = function() return %d end\n"
Server = tuple[str, int]  # address, and process


class Found(NamedTuple):
    """What a load came to: answers a second, p99 in ms, processor time in us an answer, and failures."""

    rate: float
    p99: float
    used: float
    failed: float


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(command: Sequence[str], path: str, environment: Mapping[str, str] | None = None) -> Iterator[Server]:
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", *command, "--port", str(port)],
        env={**os.environ, **(environment or {})},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait(f"http://127.0.0.1:{port}{path}")
        yield f"http://127.0.0.1:{port}", process.pid
    finally:
        process.terminate()
        process.wait(timeout=30)


def wait(url: str, seconds: float = 180) -> dict[str, Any]:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(url) as answer:  # noqa: S310 - an address of this machine
                return dict(json.loads(answer.read()))
        except (OSError, ValueError):
            time.sleep(0.2)
    raise TimeoutError(url)


def processor_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident_megabytes(pid: int) -> float:
    return int(Path(f"/proc/{pid}/statm").read_text("utf-8").split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


def load(url: str, script: str, *, pid: int, seconds: int = SECONDS, connections: int = CONNECTIONS) -> Found:
    """Ask for some seconds; return answers a second, p99 in ms, processor microseconds an answer, failures."""
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as file:
        file.write(script)
        file.flush()
        before = processor_seconds(pid)
        command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "-s", file.name, url]
        said = subprocess.run(command, check=True, capture_output=True, text=True, timeout=seconds + 60).stdout
        used = processor_seconds(pid) - before
    (rate,), (count,) = (re.findall(one, said) for one in (r"Requests/sec:\s+([\d.]+)", r"(\d+) requests in"))
    ((number, unit),) = re.findall(r"99%\s+([\d.]+)(us|ms|s)", said)
    failed = re.findall(r"Non-2xx or 3xx responses: (\d+)", said)
    p99 = float(number) * {"us": 0.001, "ms": 1.0, "s": 1000.0}[unit]
    return Found(float(rate), p99, 1e6 * used / max(int(count), 1), int(failed[0]) if failed else 0)


def lua(text: str) -> str:
    return f"[==[{text}]==]"


def bodies(workspace: Workspace, day: date, count: int) -> str:
    frame = read_snapshot(workspace, as_of=day)
    features = frame.drop(columns=["customer_id", "as_of"])
    rows = [
        {"customer_id": one, "as_of": f"{day}", "features": {n: None if v != v else v for n, v in row.items()}}  # noqa: PLR0124 - NaN
        for one, row in zip(frame["customer_id"], features.to_dict("records"), strict=True)
    ]
    return json.dumps({"rows": (rows * (count // len(rows) + 1))[:count]})


def told(name: str, found: Found) -> None:
    rate, p99, used, failed = found
    print(
        f"{name:44} {rate:9,.0f}/s   p99 {p99:7.1f} ms   {used:9,.0f} us of processor   {failed:.0f} failed", flush=True
    )


def take_turns(bare: Server, served: Server, script: str) -> None:
    found: dict[str, list[Found]] = {"bare Starlette": [], "score by customer id": []}
    for _ in range(TURNS):
        found["bare Starlette"].append(load(bare[0], script, pid=bare[1]))
        found["score by customer id"].append(load(served[0], script, pid=served[1]))
    middle = {name: Found(*(median(column) for column in zip(*runs, strict=True))) for name, runs in found.items()}
    for name, one in middle.items():
        told(name, one)
    echo, score = middle.values()
    print(
        f"{'ratio of rates, of processor time':44} {score[0] / echo[0]:9.2f}     {score[2] / echo[2]:.2f}", flush=True
    )


def soak(url: str, pid: int, scripts: Sequence[tuple[str, str]], minutes: float) -> None:
    """Mix the loads for some minutes; memory is taken after the first tenth and at the end."""
    until, failed, first = time.monotonic() + 60 * minutes, 0.0, None
    begun = time.monotonic()
    while time.monotonic() < until:
        for address, script in scripts:
            failed += load(url + address, script, pid=pid, seconds=2).failed
        if first is None and time.monotonic() - begun > 6 * minutes:
            first = resident_megabytes(pid)
    print(
        f"soak of {minutes:g} minutes: {failed:.0f} failed; {first or 0:.0f} MB after a tenth, "
        f"{resident_megabytes(pid):.0f} MB at the end"
    )


def main() -> None:
    workspace = Workspace(Path(sys.argv[1]).resolve())
    minutes = float(sys.argv[2]) if len(sys.argv) > 2 else 10.0  # noqa: PLR2004 - the second argument
    with DecisionStore(workspace.store_url) as store:
        run = store.latest_run()
        if run is None:
            sys.exit("The workspace has no scores.")
        day = run.as_of
        customers = sorted(store.scores(day)["customer_id"])[:500]
    in_turn = IN_TURN % ",".join(f'"{one}"' for one in customers)
    row, batch = (POST % lua(bodies(workspace, day, count)) for count in (1, 1000))
    environment = {"CREDITSCORE_WORKSPACE": str(workspace.root), "BENTOML_DO_NOT_TRACK": "True"}
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "echo.py").write_text(ECHO, "utf-8")
        echo = ["uvicorn", "echo:app", "--app-dir", folder, "--no-access-log", "--log-level", "warning"]
        service = ["bentoml", "serve", "creditscore_serving.entry:Scores"]
        with serving(echo, "/v1/customers/a/score") as bare, serving(service, "/readyz", environment) as (url, _):
            worker = wait(f"{url}/readyz")["worker"]
            take_turns(bare, (url, worker), in_turn)
            slowly = DELAY % (1000 * CONNECTIONS // SLOW_RATE)
            told(f"score, {SLOW_RATE}/s at most", load(url, in_turn + slowly, pid=worker))
            rarely = DELAY % (1000 * CONNECTIONS // ROW_RATE)
            told(f"a posted row, {ROW_RATE}/s at most", load(f"{url}/v1/rows", row + rarely, pid=worker))
            told("1,000 posted rows, one after the other", load(f"{url}/v1/rows", batch, pid=worker, connections=1))
            told("overload: 1,000 rows on 200 connections", load(f"{url}/v1/rows", batch, pid=worker, connections=200))
            told("overload: score on 1,000 connections", load(url, in_turn, pid=worker, connections=1000))
        if minutes:  # on a fresh service, which has nothing left to do for the overload
            mixed = [("", in_turn), ("/v1/rows", row), ("/v1/rows", batch), ("/v1/portfolio", "")]
            with serving(service, "/readyz", environment) as (url, _):
                soak(url, wait(f"{url}/readyz")["worker"], mixed, minutes)


if __name__ == "__main__":
    main()

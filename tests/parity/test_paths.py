"""The same snapshot, bundle and policy give the same bits on every path, and a path that gives others is named."""

import json
import shutil
import threading
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pandas as pd
import pytest

from creditscore.book import Book
from creditscore.domain import Workspace
from creditscore.errors import ParameterError, StoreError
from creditscore.scoring import ScoreStore, bundle_of, policy_of, prove_parity, read_scores, score_days, score_rows
from creditscore.scoring.daily import read_snapshot, scores_path, snapshot_path

DAY = date(2023, 1, 31)
SAMPLE = 4
REASONS = ("reason_1", "reason_2", "reason_3")


@pytest.fixture(scope="module")
def scored(template, tmp_path_factory):
    """A workspace with one scored day; never changed."""
    root = tmp_path_factory.mktemp("parity") / "portfolio"
    shutil.copytree(template.root, root)
    score_days(Workspace(root), [DAY])
    return Workspace(root)


@pytest.fixture
def place(scored, tmp_path):
    shutil.copytree(scored.root, tmp_path / "portfolio")
    return Workspace(tmp_path / "portfolio")


class Stub:
    """Answers as an endpoint does, from what the daily run recorded and the library's own scoring of posted rows."""

    def __init__(self, workspace, *, results):
        with ScoreStore(workspace.store_url) as store:
            self.run = store.latest_run()
            self.stored = store.scores_of(self.run)
        self.bundle = bundle_of(workspace, self.run.bundle_hash)
        self.policy = policy_of(workspace, self.run.policy_hash)
        self.snapshot = read_snapshot(workspace, as_of=DAY).set_index("customer_id")
        self.results = results  # whether posted rows get a status each
        self.spoil = lambda _place, answer: answer
        self.busy = 0
        self.keys = []

    def answer(self, path, body):
        if self.busy:
            self.busy -= 1
            return 429, {}
        place = path.rpartition("/")[2]
        wanted = [body["customer_id"]] if place == "score" else body.get("customer_ids")
        posted = body["rows"] if place == "rows" else [self.row_of(item) for item in body.get("items", ())]
        found = self.rows(posted) if posted else self.daily(wanted)
        if place == "score":
            return (200, self.spoil(place, self.named(found[0], run_id=self.run.run_id))) if found else (404, {})
        if place == "scores" or not self.results:
            run_id = self.run.run_id if place == "scores" else None
            return 200, self.spoil(place, self.named({"scores": found}, run_id=run_id))
        told = [{"status": 200, "policy_hash": self.policy.hash, "errors": [], "score": score} for score in found]
        return 200, self.spoil(place, {"results": told, "bundle_hash": self.bundle.hash, "run_id": None})

    def named(self, answer, *, run_id):
        return answer | {"bundle_hash": self.bundle.hash, "policy_hash": self.policy.hash, "run_id": run_id}

    def row_of(self, item):
        """Return the row of a snapshot for posted facts, of which the stub only checks that they are the customer's."""
        assert [row["customer_id"] for row in item["facts"]["customers"]] == [item["customer_id"]]
        row = self.snapshot.loc[item["customer_id"]]
        return item | {"features": row.drop("as_of").to_dict()}

    def daily(self, wanted):
        rows = self.stored[self.stored["customer_id"].isin(wanted)]
        return [self.score(row, decided=True) for row in plain(rows)]

    def rows(self, posted):
        frame = pd.DataFrame([{"customer_id": row["customer_id"], "as_of": row["as_of"]} for row in posted])
        features = pd.DataFrame([row["features"] for row in posted]).astype("float64")
        return [self.score(row) for row in plain(score_rows(self.bundle, self.policy, frame.join(features)))]

    @staticmethod
    def score(row, *, decided=False):
        reasons = [{"code": row[name]} for name in REASONS if row[name]]
        said = {name: value for name, value in row.items() if name not in REASONS}
        if not decided:
            return said | {"reasons": reasons, "decision": None}
        ruled = {
            name: {unit: row[f"{name}_{unit}"], "rule": row[f"{name}_rule"], "number": row[f"{name}_number"]}
            for name, unit in {"limit": "amount", "headroom": "amount", "term": "days"}.items()
        }
        freeze = {"freeze": {"cause_id": row["frozen_by"]} if row["frozen_by"] else None}
        return said | {"reasons": reasons, "decision": row | ruled | freeze | {"action": {"code": row["action"]}}}


def plain(frame):
    """Return rows as JSON would hold them."""
    text = frame.assign(**{name: frame[name].astype("str") for name in frame if "datetime" in str(frame[name].dtype)})
    return text.astype(object).where(frame.notna(), None).to_dict("records")


@pytest.fixture
def endpoint(scored, request):
    """Run a stub of the endpoint on a free loopback port; its attribute ``url`` names it."""
    stub = Stub(scored, results=getattr(request, "param", True))

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            stub.keys.append(self.headers.get("Authorization"))
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            status, answer = stub.answer(self.path, body)
            content = json.dumps(answer, default=float).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.send_header("Retry-After", "0")
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    stub.url = f"http://127.0.0.1:{server.server_port}"
    yield stub
    server.shutdown()
    server.server_close()
    thread.join()


def wrong(proof):
    return {path.path.partition(":")[0] for path in proof.paths if not path.is_equal}


def test_notebook_and_daily_run_give_the_same_bits_however_the_rows_are_cut(scored):
    proof = prove_parity(scored, sample=SAMPLE)
    assert proof.is_equal, proof.summary
    names = [path.path for path in proof.paths]
    assert names[0] == "daily run: scores file"
    assert {name.partition(":")[0] for name in names[1:]} == {"notebook"}
    assert len(names) == 11
    whole, alone = (next(path for path in proof.paths if word in path.path) for word in ("whole", "one row at a time"))
    assert (whole.customer_count, alone.customer_count) == (proof.run.customer_count, SAMPLE)
    assert whole.column_count == 10  # probability, log-odds, score, grade, colour, exposure, reserve, three reasons
    proof.demand()


@pytest.mark.parametrize("endpoint", [True, False], indirect=True, ids=["a status each", "a plain list"])
def test_the_endpoint_gives_the_same_bits_through_json(scored, endpoint):
    proof = prove_parity(scored, url=endpoint.url, sample=SAMPLE)
    assert proof.is_equal, proof.summary
    over_http = [path for path in proof.paths if path.path.startswith("endpoint")]
    assert [path.customer_count for path in over_http] == [SAMPLE, proof.run.customer_count] * 2 + [SAMPLE]
    assert [path.column_count for path in over_http] == [26, 26, 10, 10, 10]


def test_facts_are_posted_only_while_the_book_is_the_one_that_the_run_saw(place, endpoint):
    book = Book.open(place.book)
    payments = book.read("payments")
    book.write({"payments": payments.slice(1)})
    proof = prove_parity(place, url=endpoint.url, sample=SAMPLE)
    assert proof.is_equal
    assert "endpoint: posted facts, 20 at once" not in {path.path for path in proof.paths}


def test_a_last_bit_that_an_endpoint_loses_is_found(scored, endpoint):
    def spoil(place, answer):
        if place == "rows":
            told = answer["results"][0]["score"]
            told["log_odds"] = float(np.nextafter(told["log_odds"], 0))
        return answer

    endpoint.spoil = spoil
    proof = prove_parity(scored, url=endpoint.url, sample=SAMPLE)
    assert [path.path for path in proof.paths if not path.is_equal] == [
        "endpoint: posted rows one by one",
        "endpoint: posted rows, 500 at once",
    ]
    assert [path.differing_count for path in proof.paths[-3:-1]] == [SAMPLE, 1]
    assert {one.column for path in proof.paths for one in path.differences} == {"log_odds"}
    with pytest.raises(StoreError, match="2 of 16 paths give other bits: endpoint: posted rows one by one"):
        proof.demand()


def test_an_endpoint_that_answers_from_another_bundle_is_told(scored, endpoint):
    endpoint.spoil = lambda _place, answer: answer | {"bundle_hash": "another"}
    proof = prove_parity(scored, url=endpoint.url, sample=SAMPLE)
    assert wrong(proof) == {"endpoint"}
    with pytest.raises(StoreError, match="names another bundle than the day was scored with"):
        proof.demand()


def test_customers_whom_the_endpoint_does_not_know_are_counted(scored, endpoint):
    endpoint.stored = endpoint.stored.iloc[1:]
    proof = prove_parity(scored, url=endpoint.url, sample=SAMPLE)
    assert [path.differing_count for path in proof.paths[-5:]] == [1, 1, 0, 0, 0]


def test_a_busy_endpoint_is_asked_again_and_a_key_is_sent(scored, endpoint, monkeypatch):
    monkeypatch.setenv("CREDITSCORE_API_KEY", "secret")
    endpoint.busy = 3
    assert prove_parity(scored, url=endpoint.url, sample=1).is_equal
    assert set(endpoint.keys) == {"Bearer secret"}


@pytest.mark.parametrize("url", ["127.0.0.1:3000", "ftp://127.0.0.1", "http://"])
def test_what_is_no_url_is_refused(scored, url):
    with pytest.raises(ParameterError, match="The URL is none of HTTP"):
        prove_parity(scored, url=url, sample=1)


def test_an_endpoint_that_is_not_there_or_refuses_is_told(scored, endpoint):
    endpoint.answer = lambda *_: (401, {"errors": [{"field": "key"}]})
    with pytest.raises(ParameterError, match="POST /v1/score is answered by status 401 for key"):
        prove_parity(scored, url=endpoint.url, sample=1)
    with pytest.raises(ParameterError, match="cannot be reached: ConnectionRefusedError"):
        prove_parity(scored, url="http://127.0.0.1:1", sample=1)


def test_a_scores_file_that_was_altered_is_the_only_path_that_differs(place):
    scores = read_scores(place, as_of=DAY)
    scores.loc[7, "score"] = np.nextafter(scores.loc[7, "score"], 100)
    scores.to_parquet(scores_path(place, DAY), index=False)
    proof = prove_parity(place, sample=SAMPLE)
    assert [path.path for path in proof.paths if not path.is_equal] == ["daily run: scores file"]
    (difference,) = proof.paths[0].differences
    assert (difference.column, difference.examples) == ("score", (scores.loc[7, "customer_id"],))
    record = json.loads(json.dumps(proof.as_record(), allow_nan=False))
    assert record["is_equal"] is False
    assert record["paths"][0]["differing_count"] == 1


def test_another_snapshot_than_that_of_the_run_is_refused(place):
    path = snapshot_path(place, DAY)
    rows = pd.read_parquet(path, partitioning=None)
    rows.assign(overdue_ratio=0.5).to_parquet(path, index=False)
    with pytest.raises(StoreError, match="not the one that the served run was scored from"):
        prove_parity(place)


def test_without_a_scored_day_or_a_sample_there_is_nothing_to_prove(workspace, scored):
    with pytest.raises(StoreError, match="There are no scores yet"):
        prove_parity(workspace)
    with pytest.raises(ParameterError, match="sample is 0"):
        prove_parity(scored, sample=0)

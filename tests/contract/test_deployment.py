"""What deploys the service names only what there is."""

import json
import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
PAGES = sorted(DEPLOY.rglob("*.yaml"))
METRIC = re.compile(r"\bcreditscore_[a-z_]+\b")


def source() -> str:
    return "\n".join(
        path.read_text("utf-8") for room in ("src", "serving", "training") for path in (ROOT / room).rglob("*.py")
    )


def registered() -> set[str]:
    """Return the names of the metrics in the code, each as Prometheus may show it."""
    text = "\n".join(
        (ROOT / "serving/creditscore_serving" / name).read_text("utf-8") for name in ("gauges.py", "metrics.py")
    )
    plain = set(re.findall(r'"(creditscore_[a-z_]+)"', text))
    return plain | {f"{name}_{part}" for name in plain for part in ("bucket", "count", "sum")}


def test_the_dashboard_and_the_alerts_ask_for_metrics_that_the_service_tells():
    board = json.dumps(json.loads((DEPLOY / "grafana/creditscore.json").read_text("utf-8")))
    alerts = (DEPLOY / "prometheus/alerts.yaml").read_text("utf-8")
    assert set(METRIC.findall(board)) | set(METRIC.findall(alerts)) <= registered()
    assert {name for name in registered() if not name.endswith(("_bucket", "_count", "_sum"))} - set(
        METRIC.findall(board + alerts)
    ) <= {"creditscore_request_duration_seconds"}


def test_the_page_on_running_tells_every_metric():
    page = (ROOT / "docs/running.md").read_text("utf-8")
    assert {name for name in registered() if not name.endswith(("_bucket", "_count", "_sum"))} <= set(
        METRIC.findall(page)
    )


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_every_setting_that_a_deployment_makes_is_read_by_the_code(path):
    text = path.read_text("utf-8")
    assert list(yaml.safe_load_all(text))
    made = set(re.findall(r"^\s+(CREDITSCORE_[A-Z_]+|MLFLOW_[A-Z_]+):", text, flags=re.MULTILINE))
    assert {name for name in made if name not in source()} == set()


def test_the_image_is_made_from_the_lock_and_serves_as_nobody_in_particular():
    image = (DEPLOY / "Containerfile").read_text("utf-8")
    assert "--require-hashes -r requirements/image.txt" in image
    assert (ROOT / "requirements/image.txt").is_file()
    assert "USER 1000" in image
    ignored = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    copied = {
        word
        for line in image.splitlines()
        if line.startswith("COPY ") and "--from" not in line
        for word in line.split()[1:-1]
    }
    assert {f"!{name}" for name in copied} <= set(ignored)


def test_probes_ask_what_the_service_answers():
    (deployment,) = [
        one
        for one in yaml.safe_load_all((DEPLOY / "kubernetes/scoring.yaml").read_text("utf-8"))
        if one["kind"] == "Deployment"
    ]
    (container,) = deployment["spec"]["template"]["spec"]["containers"]
    asked = {container[probe]["httpGet"]["path"] for probe in ("startupProbe", "readinessProbe", "livenessProbe")}
    assert asked == {"/readyz", "/livez"}

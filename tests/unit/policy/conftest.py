"""The shipped policy, and a way to write a policy file that differs from it in one place."""

import csv
import io
from pathlib import Path

import pytest
import yaml

from creditscore.policy import load_policy
from creditscore.policy.policy import SHIPPED

GOLDEN = Path(__file__).parents[2] / "golden"


@pytest.fixture(scope="session")
def policy():
    return load_policy()


@pytest.fixture
def with_change(tmp_path):
    """Write the shipped policy with one value changed, such as ``("reserve", "red"), 0.2``; return the file."""

    def write(keys, value):
        content = yaml.safe_load(SHIPPED.read_text("utf-8"))
        place = content
        for key in keys[:-1]:
            place = place[key]
        place[keys[-1]] = value
        path = tmp_path / "policy.yaml"
        path.write_text(yaml.safe_dump(content, allow_unicode=True), "utf-8")
        return path

    return write


@pytest.fixture(scope="session")
def signed_off():
    """Read a golden table whose first lines are comments."""

    def read(name):
        lines = [line for line in (GOLDEN / name).read_text("utf-8").splitlines() if not line.startswith("#")]
        return list(csv.DictReader(io.StringIO("\n".join(lines))))

    return read

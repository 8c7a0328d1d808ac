import json
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def pinned_names():
    return json.loads((Path(__file__).parent / "public_names.json").read_text("utf-8"))

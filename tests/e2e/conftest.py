"""Where the real data are."""

import os
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def data():
    """Return the folder of the real data, which stay out of the repository: their licences differ."""
    folder = Path(os.environ.get("CREDITSCORE_DATA", PROJECT.parent / "shared" / "data")).resolve()
    if not folder.is_dir():
        pytest.skip(f"No real data in {folder}; name their folder in CREDITSCORE_DATA.")
    return folder

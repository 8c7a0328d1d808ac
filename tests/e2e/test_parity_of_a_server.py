"""A real server answers with the bits of the daily run, and ends with the command that started it."""

import os
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from creditscore.domain import Workspace
from creditscore.scoring import score_days

CREDITSCORE = Path(sys.executable).with_name("creditscore")
DAYS = [date(2023, 2, 27), date(2023, 2, 28)]


@pytest.mark.slow
def test_every_path_to_a_score_gives_the_same_bits_a_real_server_among_them(template, tmp_path):
    folder = tmp_path / "portfolio"
    shutil.copytree(template.root, folder)
    score_days(Workspace(folder), DAYS)
    environment = {name: value for name, value in os.environ.items() if name != "CREDITSCORE_STORE"}
    command = [CREDITSCORE, "parity", "--workspace", folder, "--serve", "--sample", "20"]
    answer = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=300, check=False)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert "16 paths, the same bits on each" in answer.stdout
    for path in (
        "daily scores one by one",
        "daily scores, 1,000 at once",
        "posted rows one by one",
        "posted facts, 20 at once",
    ):
        assert f"endpoint: {path}" in answer.stdout
    assert not [name for name in processes() if str(folder) in name]


def processes():
    """Return the environments and command lines of what runs."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            yield (folder / "environ").read_text("utf-8", "replace") + (folder / "cmdline").read_text(
                "utf-8", "replace"
            )
        except OSError:
            continue

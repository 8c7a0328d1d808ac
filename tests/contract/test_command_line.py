"""What the command line promises before it does anything."""

import json
import subprocess
import sys
from pathlib import Path

CREDITSCORE = Path(sys.executable).with_name("creditscore")


def test_help_lists_the_commands_of_the_library_of_training_and_of_serving():
    answer = subprocess.run([CREDITSCORE, "--help"], check=True, capture_output=True, text=True)
    library = (
        "ingest",
        "simulate",
        "features",
        "snapshot",
        "audit",
        "score",
        "replay",
        "parity",
        "explain",
        "improve",
        "advise",
        "report",
        "monitor",
    )
    for command in (*library, "models", "train", "tune", "serve", "demo"):
        assert command in answer.stdout


def test_the_models_have_commands_that_move_aliases_where_training_is_installed():
    probe = (
        "import typer; from creditscore.cli.app import build;"
        "models = typer.main.get_command(build()).commands['models'];"
        "promote = models.commands['promote'].callback.__wrapped__.__self__;"
        "print(sorted(models.commands), promote.registry_at is not None)"
    )
    answer = subprocess.run([sys.executable, "-c", probe], check=True, capture_output=True, text=True)
    assert answer.stdout.strip() == "['card', 'challenge', 'compare', 'list', 'promote', 'rollback'] True"


def test_help_imports_no_heavy_package():
    probe = (
        "import json, sys; from creditscore.cli.app import build; build();"
        "print(json.dumps(sorted({name.partition('.')[0] for name in sys.modules})))"
    )
    answer = subprocess.run([sys.executable, "-c", probe], check=True, capture_output=True, text=True)
    heavy = {
        "pandas",
        "sklearn",
        "lightgbm",
        "mlflow",
        "optuna",
        "bentoml",
        "evidently",
        "pyspark",
        "ibis",
        "duckdb",
        "matplotlib",
        "scipy",
    }
    assert not heavy & set(json.loads(answer.stdout))


def test_an_expected_failure_is_one_sentence_and_no_trace(tmp_path):
    command = [CREDITSCORE, "score", "--as-of", "2024-01-31", "--workspace", tmp_path / "nowhere"]
    answer = subprocess.run(command, check=False, capture_output=True, text=True)
    assert answer.returncode == 1
    assert answer.stderr.startswith("error ")
    assert "Traceback" not in answer.stderr


def test_a_day_that_does_not_exist_is_refused_with_its_form(tmp_path):
    command = [CREDITSCORE, "score", "--as-of", "2023-02-30", "--workspace", tmp_path]
    answer = subprocess.run(command, check=False, capture_output=True, text=True)
    assert answer.returncode == 2
    assert "YYYY-MM-DD" in answer.stderr

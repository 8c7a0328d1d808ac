"""What the demonstration says at its end."""

import pytest

from creditscore_training.demo import experiments


@pytest.mark.parametrize(
    ("uri", "said"),
    [
        ("sqlite:///mlruns/mlflow.db", ["  .venv/bin/mlflow ui --backend-store-uri sqlite:///mlruns/mlflow.db"]),
        ("http://mlflow:5000", ["  http://mlflow:5000"]),
        ("https://somebody:secret@mlflow", []),
        ("postgresql+psycopg://somebody:secret@database/mlflow", []),
    ],
)
def test_the_place_of_the_experiments_is_shown_unless_it_may_hold_a_password(uri, said):
    assert experiments(uri) == said

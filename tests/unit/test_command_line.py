import importlib

import pytest

from creditscore.errors import ParameterError


@pytest.fixture
def app(monkeypatch):
    """Return the module of the application with a command that raises what a test wants."""
    module = importlib.import_module("creditscore.cli.app")

    def raising(error):
        def command():
            raise error

        monkeypatch.setattr(module, "build", lambda: command)
        return module

    return raising


def test_a_missing_extra_is_named(app, capsys):
    with pytest.raises(SystemExit) as stopped:
        app(ModuleNotFoundError("No module named 'mlflow'", name="mlflow")).main()
    assert stopped.value.code == 1
    assert "creditscore[training]" in capsys.readouterr().err


def test_another_missing_module_is_a_defect_and_shows_its_trace(app):
    with pytest.raises(ModuleNotFoundError):
        app(ModuleNotFoundError("No module named 'numpy'", name="numpy")).main()


def test_brackets_in_an_error_are_shown_as_they_are(app, capsys):
    error = ParameterError(where="column 'a[b]'", found="It is odd.", fix="Rename it.")
    with pytest.raises(SystemExit):
        app(error).main()
    assert "column 'a[b]': It is odd. Rename it." in capsys.readouterr().err

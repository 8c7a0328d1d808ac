"""Every notebook runs from its first cell to its last, in a folder of its own, and warns of nothing."""

from pathlib import Path

import jupytext
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.py"))
SECONDS_A_CELL = 300  # far more than a cell needs: a notebook that hangs must fail


def test_there_are_notebooks_and_each_is_text():
    assert NOTEBOOKS
    assert not list((ROOT / "notebooks").glob("*.ipynb"))


@pytest.fixture(scope="module", params=NOTEBOOKS, ids=lambda path: path.stem)
def executed(request, tmp_path_factory):
    """Run a notebook as a user's Jupyter would; a cell that raises fails here, with its traceback."""
    folder = tmp_path_factory.mktemp(request.param.stem)
    (folder / "here").mkdir()
    (folder / "temporary").mkdir()
    notebook = jupytext.read(request.param)
    client = NotebookClient(
        notebook,
        timeout=SECONDS_A_CELL,
        kernel_name="python3",
        resources={"metadata": {"path": str(folder / "here")}},
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TMPDIR", str(folder / "temporary"))
        for variable in ("CREDITSCORE_STORE", "MLFLOW_TRACKING_URI"):
            patch.delenv(variable, raising=False)
        client.execute()
    return notebook, folder


def outputs(notebook):
    return [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]


@pytest.mark.slow
def test_a_notebook_says_nothing_on_the_error_stream(executed):
    notebook, _ = executed
    said = [output.text for output in outputs(notebook) if output.get("name") == "stderr"]
    assert said == []


@pytest.mark.slow
def test_every_cell_of_code_has_run_in_order(executed):
    notebook, _ = executed
    counts = [cell.execution_count for cell in notebook.cells if cell.cell_type == "code"]
    assert counts == list(range(1, len(counts) + 1))


@pytest.mark.slow
def test_a_notebook_shows_tables_and_figures(executed):
    notebook, _ = executed
    shown = {kind for output in outputs(notebook) for kind in output.get("data", {})}
    assert {"image/png", "text/html"} <= shown


@pytest.mark.slow
def test_a_notebook_leaves_nothing_in_the_folder_it_is_run_in(executed):
    _, folder = executed
    assert list((folder / "here").iterdir()) == []
    assert list((folder / "temporary").iterdir())

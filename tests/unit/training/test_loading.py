"""A recipe is found by its name or its file, and nothing else passes for one."""

import pytest

from creditscore.errors import ParameterError
from creditscore_training.loading import load_recipe

COPIED = """
from dataclasses import replace
from creditscore_training.recipes.trade_credit import RECIPE as SHIPPED

RECIPE = replace(SHIPPED, name="mine", seed=7)
"""


def test_the_shipped_recipe_is_found_by_name():
    recipe = load_recipe("trade_credit")
    assert recipe.name == "trade_credit"
    assert recipe.definition.horizon_months == 12


def test_a_copied_recipe_is_found_by_its_file(tmp_path):
    path = tmp_path / "mine.py"
    path.write_text(COPIED, "utf-8")
    recipe = load_recipe(str(path))
    assert (recipe.name, recipe.seed) == ("mine", 7)


@pytest.mark.parametrize(
    ("content", "found"),
    [("x = 1\n", "The file defines no RECIPE"), ("RECIPE = {'name': 'x'}\n", "Its RECIPE is a dict")],
)
def test_a_file_without_a_recipe_is_refused(tmp_path, content, found):
    path = tmp_path / "broken.py"
    path.write_text(content, "utf-8")
    with pytest.raises(ParameterError, match=found):
        load_recipe(str(path))


@pytest.mark.parametrize("name", ["nothing", "nothing.py", "__init__", "notes.txt"])
def test_a_name_that_is_neither_shipped_nor_a_file_is_refused_with_the_shipped_names(name):
    with pytest.raises(ParameterError, match="Use bulk_purchase, term_extension, trade_credit"):
        load_recipe(name)

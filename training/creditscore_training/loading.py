"""Finding a recipe by its shipped name or by its file."""

import importlib
import importlib.util
from pathlib import Path
from types import ModuleType

from creditscore.errors import ParameterError
from creditscore_training.recipe import Recipe
from creditscore_training.scenarios.recipe import ScenarioRecipe

SHIPPED = Path(__file__).with_name("recipes")


def shipped_names() -> tuple[str, ...]:
    """Return the names of the shipped recipes.

    >>> "trade_credit" in shipped_names()
    True
    """
    return tuple(sorted(path.stem for path in SHIPPED.glob("[a-z]*.py")))


def load_recipe(name: str) -> Recipe | ScenarioRecipe:
    """Return the recipe of a model, or of a scenario model on top of it.

    Parameters
    ----------
    name
        Name of a shipped recipe, or path of a Python file that says ``RECIPE = Recipe(...)``,
        or ``ScenarioRecipe(...)``. The file is run: load
        only what you would run yourself.

    Raises
    ------
    ParameterError
        If there is no such recipe or file, or the file defines no recipe.

    Examples
    --------
    >>> load_recipe("trade_debit")
    Traceback (most recent call last):
    creditscore.errors.ParameterError: recipe 'trade_debit': It is neither a shipped recipe nor a Python file. \
Use bulk_purchase, term_extension, trade_credit, or the path of a file that says RECIPE = Recipe(...).
    """
    if name in shipped_names():
        return _recipe_of(importlib.import_module(f"creditscore_training.recipes.{name}"), name)
    path = Path(name)
    if path.suffix != ".py" or not path.is_file():
        raise ParameterError(
            where=f"recipe {name!r}",
            found="It is neither a shipped recipe nor a Python file.",
            fix=f"Use {', '.join(shipped_names())}, or the path of a file that says RECIPE = Recipe(...).",
        )
    return _recipe_of(_run(path), name)


def _run(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"creditscore_recipe_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise ParameterError(
            where=f"recipe {path.name!r}", found="Python cannot load the file.", fix="Give a plain .py file."
        )
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _recipe_of(module: ModuleType, name: str) -> Recipe | ScenarioRecipe:
    recipe = getattr(module, "RECIPE", None)
    if isinstance(recipe, Recipe | ScenarioRecipe):
        return recipe
    raise ParameterError(
        where=f"recipe {name!r}",
        found="The file defines no RECIPE." if recipe is None else f"Its RECIPE is a {type(recipe).__name__}.",
        fix="Say RECIPE = Recipe(...), as the shipped trade_credit.py does.",
    )

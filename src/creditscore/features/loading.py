"""Features of the user's own, from a Python file."""

import runpy
from pathlib import Path

from creditscore.errors import ParameterError
from creditscore.features.definition import Feature


def load_features(path: Path) -> tuple[Feature, ...]:
    """Return the features that a Python file defines, such as the recipe that a model was trained by.

    Parameters
    ----------
    path
        A file with features at its top level. It is run: load only what you would run yourself.

    Raises
    ------
    ParameterError
        If there is no such Python file, or it defines no feature.
    """
    if path.suffix != ".py" or not path.is_file():
        raise ParameterError(
            where=f"features {path.name!r}", found="It is no Python file.", fix="Give the .py file of your features."
        )
    found = tuple(value for value in runpy.run_path(str(path)).values() if isinstance(value, Feature))
    if not found:
        raise ParameterError(
            where=f"features {path.name!r}",
            found="The file defines no feature.",
            fix="Define one with @feature at its top level.",
        )
    return found

"""The languages of the reports: English as it stands in the code, Chinese from one catalogue."""

from functools import cache
from importlib.resources import files
from typing import Final

import yaml

from creditscore.domain import ENGLISH, Language
from creditscore.errors import ContractError, ParameterError, some

CHINESE: Final = "zh"
CODES: Final = (ENGLISH.code, CHINESE)
CATALOGUE: Final = "catalogue"


@cache
def language_of(code: str) -> Language:
    """Return a language of the reports.

    Parameters
    ----------
    code
        ``"en"`` or ``"zh"``.

    Raises
    ------
    ParameterError
        If the reports know no such language.

    Examples
    --------
    >>> language_of("zh").say("Method")
    '方法'
    """
    if code == ENGLISH.code:
        return ENGLISH
    if code != CHINESE:
        raise ParameterError(where="language", found=f"There is no {code!r}.", fix=f"Choose one of {some(CODES)}.")
    return Language(code=code, phrases=_catalogue())


def _catalogue() -> dict[str, str]:
    """Read the catalogue: English and Chinese side by side, one file for each part of the reports."""
    phrases: dict[str, str] = {}
    pages = sorted(
        page.name for page in files(__package__).joinpath(CATALOGUE).iterdir() if page.name.endswith(".yaml")
    )
    for name in pages:
        page = yaml.safe_load(files(__package__).joinpath(CATALOGUE, name).read_text("utf-8"))
        twice = sorted(page.keys() & phrases.keys())
        if twice:
            raise ContractError(where=name, found=f"Another page has {some(twice)} too.", fix="Say each phrase once.")
        phrases |= page
    return phrases

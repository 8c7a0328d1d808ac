"""What a model can be in a workspace."""

from enum import StrEnum


class Role(StrEnum):
    """The model that decides, or the one that runs beside it."""

    CHAMPION = "champion"
    CHALLENGER = "challenger"

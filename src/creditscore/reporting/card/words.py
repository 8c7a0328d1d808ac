"""What only people can say of a model: who owns it, what it is for, and what it is not for."""

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final

import yaml

from creditscore.domain import Workspace, kept
from creditscore.errors import ContractError, some

FILE: Final = "model_card.yaml"
NOT_STATED: Final = "not stated"


@dataclass(frozen=True, slots=True, kw_only=True)
class CardWords:
    """The words of ``model_card.yaml`` in the workspace; each may be left out.

    Parameters
    ----------
    owner, developer, validator, approver, contact
        Who answers for the model, made it, challenged it, and appointed it; and where to ask.
    purpose
        What it decides, for whom.
    materiality
        How much depends on it, which decides how deeply it is validated.
    not_for
        Where it must not be used, beside what the card says of itself.
    """

    owner: str = NOT_STATED
    developer: str = NOT_STATED
    validator: str = NOT_STATED
    approver: str = NOT_STATED
    contact: str = NOT_STATED
    purpose: str = (
        "Ranks companies that buy on credit by their probability of default, for limits, terms and reserves under the "
        "policy, and for the reasons that go with them."
    )
    materiality: str = NOT_STATED
    not_for: tuple[str, ...] = ()


def card_words(workspace: Workspace) -> CardWords:
    """Read the words of a workspace; those of nobody where there is no file.

    Raises
    ------
    ContractError
        If the file is no YAML, or says something that the card does not know.
    """
    path = workspace.root / FILE
    if not path.is_file():
        return CardWords()
    told = _told(path)
    known = {field.name for field in fields(CardWords)}
    strange = sorted(set(told) - known)
    if strange:
        raise _broken(f"It says {some(strange)}, which the card does not know.")
    uses = told.pop("not_for", [])
    if not isinstance(uses, list):
        raise _broken("`not_for` is no list.")
    return CardWords(**{name: _text(text) for name, text in told.items()}, not_for=tuple(_text(use) for use in uses))


def _text(told: object) -> str:
    if not isinstance(told, str):
        raise _broken("An entry is no text.")
    return kept(told)


def _told(path: Path) -> dict[str, Any]:
    try:
        told = yaml.safe_load(path.read_text("utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise _broken("It is no YAML.") from error
    if told is None:
        return {}
    if not isinstance(told, dict):
        raise _broken("It is no list of entries.")
    return told


def _broken(found: str) -> ContractError:
    names = ", ".join(field.name for field in fields(CardWords))
    return ContractError(
        where=FILE, found=found, fix=f"Give some of {names}; `not_for` is a list, all others are texts."
    )

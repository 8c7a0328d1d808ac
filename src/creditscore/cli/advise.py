"""``creditscore advise``: what a bulk purchase or a longer term does to a customer's score."""

from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from creditscore.cli.answers import Language
from creditscore.cli.console import Folder, parse_day, say
from creditscore.domain import Purpose, Reason, Workspace

if TYPE_CHECKING:
    from creditscore.advice import Advice, Most, Refusal

REFUSED = 3  # there is no answer, and that is no error


class Scenario(StrEnum):
    """What may be asked for."""

    BULK_PURCHASE = Purpose.BULK_PURCHASE
    TERM_EXTENSION = Purpose.TERM_EXTENSION


CustomerId = Annotated[str, typer.Argument(metavar="CUSTOMER", help="The customer's id in the book.")]
Asked = Annotated[Scenario, typer.Option("--purpose", help="What is asked for.")]
Amount = Annotated[
    int | None, typer.Option(help="Amount asked for, in minor units; in a term extension a usual month by default.")
]
Term = Annotated[int | None, typer.Option(help="Payment term asked for, in days; by default the usual one.")]
MostRisk = Annotated[
    float | None,
    typer.Option("--max-pd", help="Probability of default to stay below, such as 0.03; by default the colour is kept."),
]
AsOf = Annotated[
    date | None,
    typer.Option(parser=parse_day, metavar="DAY", help="Last day whose information may be used; default: the book's."),
]
Own = Annotated[
    Path | None,
    typer.Option("--features", metavar="FILE", help="Python file with features of your own, such as your recipe."),
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(advise)


def advise(  # noqa: PLR0913 - one option each
    customer: CustomerId,
    purpose: Asked,
    *,
    amount: Amount = None,
    term_days: Term = None,
    max_pd: MostRisk = None,
    as_of: AsOf = None,
    workspace: Folder = Path(),
    features: Own = None,
    lang: Language = "en",
) -> None:
    """Answer a request: its probability of default, reserve, limits and reasons; exit code 3 if there is no answer."""
    from creditscore.advice import Refusal, Request  # noqa: PLC0415 - brings pandas and LightGBM, as the next
    from creditscore.advice import advise as answer  # noqa: PLC0415
    from creditscore.features import load_features  # noqa: PLC0415

    request = Request(purpose=Purpose(purpose), amount=amount, term_days=term_days, max_default_probability=max_pd)
    own = load_features(features) if features else ()
    found = answer(Workspace(workspace), customer, request, as_of=as_of, features=own)
    for line in _refusal(found, lang) if isinstance(found, Refusal) else _advice(found, lang):
        say(line)
    if isinstance(found, Refusal):
        raise typer.Exit(REFUSED)


def _refusal(found: "Refusal", language: str) -> list[str]:
    most = [] if found.largest_amount is None else [f"largest amount with an answer: {_most(found.largest_amount)}"]
    return [f"no answer: {_reason(found.reason, language)}", *most]


def _advice(found: "Advice", language: str) -> list[str]:
    without, under = found.without, found.under
    return [
        f"as of {found.provenance.as_of}: {found.amount} on {found.term_days} days",
        f"probability of default {without.default_probability:.2%} without, {under.default_probability:.2%} under it",
        f"score {without.score:.1f} to {under.score:.1f}, {without.colour} to {under.colour}",
        f"policy: {found.action.text(language)}",
        f"exposure {found.exposure_amount}, reserve {found.reserve_amount}, expected loss {found.expected_loss_amount}",
        f"break-even margin {found.break_even_margin_ratio:.2%}",
        f"largest amount {_most(found.largest_amount)}, longest term in days {_most(found.longest_term_days)}",
        *[_reason(reason, language) for reason in found.reasons],
    ]


def _most(found: "Most") -> str:
    return f"{'none' if found.value is None else found.value} (ended by {found.ended_by})"


def _reason(reason: Reason, language: str) -> str:
    return f"{reason.code} {reason.text(language)}"

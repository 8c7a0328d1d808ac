"""``creditscore apply``: who decides on an application, by when, and on which conditions."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from creditscore.cli.answers import AsJson, Customer, Language, show_json
from creditscore.cli.console import Folder, parse_day, say
from creditscore.domain import Purpose, Workspace

if TYPE_CHECKING:
    from creditscore.decisions import Condition, DecisionRecord, LevelDue, RuleApplied

Amount = Annotated[int, typer.Option(help="Limit asked for, in minor units.")]
Term = Annotated[int, typer.Option(help="Payment term asked for, in days.")]
Asked = Annotated[Purpose, typer.Option(help="What the credit is for.")]
AppliedOn = Annotated[
    date | None,
    typer.Option(
        parser=parse_day, metavar="DAY", help="Day of the application, or `today`; default: the last day scored."
    ),
]
Disputed = Annotated[bool, typer.Option("--dispute", help="The customer disputes an earlier decision on this.")]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(apply)


def apply(  # noqa: PLR0913 - one option each
    customer: Customer,
    *,
    amount: Amount,
    term_days: Term,
    purpose: Asked = Purpose.STANDARD,
    applied_on: AppliedOn = None,
    dispute: Disputed = False,
    workspace: Folder = Path(),
    lang: Language = "en",
    as_json: AsJson = False,
) -> None:
    """Grade an application and print its decision record: route, who approves by when, conditions, reasons."""
    from creditscore.decisions import Application  # noqa: PLC0415 - brings pandas, as the next
    from creditscore.scoring import apply_for_credit, last_scored_day  # noqa: PLC0415

    place = Workspace(workspace)
    day = last_scored_day(place) if applied_on is None else applied_on
    application = Application(
        customer_id=customer,
        applied_on=day,
        amount=amount,
        term_days=term_days,
        purpose=purpose,
        disputed_on=day if dispute else None,
    )
    record = apply_for_credit(place, application)
    if as_json:
        show_json(record.to_record())
        return
    for line in _lines(record, lang):
        say(line)


def _lines(record: "DecisionRecord", language: str) -> list[str]:
    asked, known = record.application, record.applicant
    return [
        f"{record.outcome}: {record.route} by {record.rule.key}, {_text(record.rule, language)}",
        f"scores as of {known.as_of}: {known.score:.1f}, {known.colour}; applied on {asked.applied_on}",
        *[f"{one.dimension}: {one.level} ({one.key})" for one in record.grading],
        *[f"{_text(level, language)} by {level.due_on}" for level in record.levels],
        f"decided by {record.due_on}{_hedge(record)}",
        *([f"dispute ruled by {record.dispute_due_on}: {record.dispute_level}"] if record.dispute_due_on else []),
        f"at most {record.allowed_amount} on {record.allowed_term_days} days",
        *[f"condition: {_text(one, language)}" for one in record.conditions],
        *[f"{reason.code} {reason.text(language)}" for reason in record.reasons],
        f"policy {record.policy_version}, record {record.record_id[:12]}",
    ]


def _text(one: "RuleApplied | LevelDue | Condition", language: str) -> str:
    return one.zh if language == "zh" else one.en


def _hedge(record: "DecisionRecord") -> str:
    return "" if record.deadlines_announced else ", if no holiday is announced before"

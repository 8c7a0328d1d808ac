"""``creditscore monitor``: alarms after the daily run."""

from pathlib import Path
from typing import Annotated

import typer

from creditscore.cli.answers import Own
from creditscore.cli.console import Folder, say
from creditscore.cli.report import ScoredDay
from creditscore.domain import Workspace

ALARMED = 4  # an alarm opened or stands, and the caller asked to be told by the exit code
Webhook = Annotated[
    str | None,
    typer.Option(
        "--webhook",
        envvar="CREDITSCORE_WEBHOOK",
        metavar="URL",
        help="Receiver of alarms that opened or were closed, as one POST of JSON.",
    ),
]
Budget = Annotated[float, typer.Option("--false-alarms", metavar="N", help="Expected false alarms a month, at most.")]
Fail = Annotated[bool, typer.Option("--fail-on-alarm", help="End with exit code 4 while an alarm is open.")]
Collect = Annotated[bool, typer.Option("--evidently", help="Collect Evidently's run of the day for `evidently ui`.")]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(monitor)


def monitor(  # noqa: PLR0913 - one parameter an option
    workspace: Folder = Path(),
    as_of: ScoredDay = None,
    webhook: Webhook = None,
    false_alarms: Budget = 1.0,
    features: Own = None,
    *,
    fail_on_alarm: Fail = False,
    evidently: Collect = False,
) -> None:
    """Compare a scored day with development, last month and the day before; running it twice changes nothing."""
    from creditscore.features import load_features  # noqa: PLC0415 - brings pandas and DuckDB
    from creditscore.monitoring import AlarmBudget, Change, collect_day, deliver  # noqa: PLC0415 - heavy
    from creditscore.monitoring import monitor as watch  # noqa: PLC0415 - heavy

    place = Workspace(workspace)
    own = load_features(features) if features else ()
    found = watch(place, as_of=as_of, budget=AlarmBudget(false_alarms_per_month=false_alarms), features=own)
    counted = ", ".join(f"{found.counted(change)} {change}" for change in Change)
    say(f"{found.as_of}: {found.check_count:,} checks; alarms: {counted}.")
    for alarm in found.alarms:
        say(f"{alarm.change}  {alarm.sign.sentence}")
    if evidently:
        folder = collect_day(place, as_of=found.as_of, features=own)
        say(f"{folder}: shown by `evidently ui --workspace` of this folder")
    if webhook is not None:
        say(f"{deliver(place, webhook, as_of=found.as_of)} changes of alarms delivered.")
    if fail_on_alarm and found.alarmed:
        raise typer.Exit(ALARMED)

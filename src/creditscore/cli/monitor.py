"""``creditscore monitor``: alarms after the daily run."""

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from creditscore.cli.answers import Own
from creditscore.cli.console import Folder, say
from creditscore.cli.report import ScoredDay
from creditscore.domain import Workspace

if TYPE_CHECKING:
    from creditscore.monitoring import MonitoredDay

LEVELS = ("alarm", "notice")
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
Least = Annotated[
    float,
    typer.Option(
        "--least-effect", metavar="POINTS", help="Effect on the score below which what moved is a notice, no alarm."
    ),
]
Notices = Annotated[bool, typer.Option("--notices", help="Treat notices as alarms: exit code and receiver.")]
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
    least_effect: Least = 0.5,
    features: Own = None,
    *,
    notices: Notices = False,
    fail_on_alarm: Fail = False,
    evidently: Collect = False,
) -> None:
    """Compare a scored day with development, last month and the day before; running it twice changes nothing."""
    from creditscore.features import load_features  # noqa: PLC0415 - brings pandas and DuckDB
    from creditscore.monitoring import AlarmBudget, Level, collect_day, deliver  # noqa: PLC0415 - heavy
    from creditscore.monitoring import monitor as watch  # noqa: PLC0415 - heavy

    place = Workspace(workspace)
    own = load_features(features) if features else ()
    budget = AlarmBudget(false_alarms_per_month=false_alarms, least_effect_points=least_effect)
    least = Level.NOTICE if notices else Level.ALARM
    found = watch(place, as_of=as_of, budget=budget, features=own)
    _tell(found)
    if evidently:
        folder = collect_day(place, as_of=found.as_of, features=own)
        say(f"{folder}: shown by `evidently ui --workspace` of this folder")
    if webhook is not None:
        say(f"{deliver(place, webhook, as_of=found.as_of, least=least)} changes of alarms delivered.")
    if fail_on_alarm and found.is_open(least):
        raise typer.Exit(ALARMED)


def _tell(found: "MonitoredDay") -> None:
    """Say how many are open, and one line of each group with its alarms below it."""
    counted = Counter(str(group.level) for group in found.groups if any(one.is_open for one in group.alarms))
    open_ones = " and ".join(f"{counted[level]} {level}{'' if counted[level] == 1 else 's'}" for level in LEVELS)
    say(f"{found.as_of}: {found.check_count:,} checks; {open_ones} open.")
    for group in found.groups:
        say(f"{group.level} {group.change}  {group.sentence}")
        for alarm in group.alarms:
            say(f"    {alarm.change}  {alarm.sign.sentence}")

"""``creditscore keys`` and ``creditscore access``: who may ask the service, and who asked about whom."""

import json
from dataclasses import asdict
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from creditscore.cli.console import Folder, parse_day, say
from creditscore.domain import Workspace

if TYPE_CHECKING:
    from creditscore_serving.access.entry import Entry
    from creditscore_serving.access.key import ApiKey
    from creditscore_serving.access.permissions import Permission
    from creditscore_serving.access.store import AccessStore

HERE = Path()
SHOWN_IDS = 5
SCOPES = "scores:read, scores:compute, decisions:write, amounts:read, metrics:read, or admin for all of them"
Name = Annotated[str, typer.Argument(metavar="NAME", help="Who will ask with it; the access log names it so.")]
Scopes = Annotated[list[str], typer.Option("--scope", metavar="SCOPE", help=f"{SCOPES}; may be repeated.")]
In = Annotated[
    list[str] | None,
    typer.Option(
        "--unit", metavar="UNIT", help="Only customers of region=NAME or industry_code=CODE; may be repeated."
    ),
]
Ends = Annotated[
    date | None,
    typer.Option("--expires-on", parser=parse_day, metavar="DAY", help="Last day, in UTC, on which it holds."),
]
Often = Annotated[str | None, typer.Option("--rate", metavar="RATE", help="Such as 50/s or 600/min.")]
Named = Annotated[str, typer.Argument(metavar="KEY", help="Id of the key, or its name if no other good key has it.")]
About = Annotated[str | None, typer.Option("--customer", metavar="ID", help="Only requests about this customer.")]
By = Annotated[str | None, typer.Option("--caller", metavar="NAME", help="Only requests of this key or token.")]
Since = Annotated[
    date | None, typer.Option("--since", parser=parse_day, metavar="DAY", help="First day to show, in UTC.")
]
Until = Annotated[
    date | None, typer.Option("--until", parser=parse_day, metavar="DAY", help="Last day to show, in UTC.")
]
Most = Annotated[int, typer.Option("--most", min=1, help="Show the latest of them, at most so many.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object a line, for other programs.")]


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    keys = typer.Typer(
        help="Make, list and revoke the keys by which applications ask the service.", no_args_is_help=True
    )
    keys.command()(create)
    keys.command("list")(list_keys)
    keys.command()(revoke)
    app.add_typer(keys, name="keys")
    access = typer.Typer(help="See who asked the service about whom.", no_args_is_help=True)
    access.command("log")(show_log)
    app.add_typer(access, name="access")


def create(
    name: Name,
    scope: Scopes,
    workspace: Folder = HERE,
    unit: In = None,
    expires_on: Ends = None,
    rate: Often = None,
) -> None:
    """Make a key and print it, once: only a hash of it is kept."""
    from creditscore_serving.access.caller import Caller  # noqa: PLC0415 - brings pandas
    from creditscore_serving.access.rate import Rate  # noqa: PLC0415 - as above
    from creditscore_serving.access.units import Units  # noqa: PLC0415 - as above

    caller = Caller(
        name,
        frozenset(_permission(one) for one in scope),
        units=Units.parse(unit or []),
        rate=None if rate is None else Rate.parse(rate),
    )
    with _opened(workspace) as store:
        key_id, text = store.create_key(caller, expires_on=expires_on)
    say(f"Key {key_id} of {name}; it is shown this once, and running servers know it within seconds:")
    say(text)


def list_keys(workspace: Folder = HERE) -> None:
    """List every key that was ever made: what it allows, until when, and when it was last used."""
    with _opened(workspace) as store:
        keys = store.every_key()
    for key in keys:
        say(_told(key))
    say(f"{len(keys)} keys, {sum(_state(key) == 'good' for key in keys)} of them good.")


def revoke(key: Named, workspace: Folder = HERE) -> None:
    """Revoke a key for good; running servers refuse it within seconds."""
    with _opened(workspace) as store:
        revoked = store.revoke(key)
    say(f"Key {revoked.key_id} of {revoked.caller.name} is revoked.")


def show_log(  # noqa: PLR0913 - one parameter an option
    workspace: Folder = HERE,
    customer: About = None,
    caller: By = None,
    since: Since = None,
    until: Until = None,
    most: Most = 100,
    *,
    as_json: AsJson = False,
) -> None:
    """Show who asked what about whom, the latest first."""
    with _opened(workspace) as store:
        found = store.entries(
            customer_id=customer,
            caller=caller,
            since=None if since is None else _start_of(since),
            until=None if until is None else _start_of(until + timedelta(days=1)),
            most=most,
        )
    for entry in found:
        say(_as_json(entry) if as_json else _line(entry))
    if not as_json:
        say(f"{len(found)} requests.")


def _opened(folder: Path) -> "AccessStore":
    from creditscore_serving.access.store import AccessStore  # noqa: PLC0415 - brings SQLAlchemy

    return AccessStore(Workspace(folder).access_url)


def _permission(text: str) -> "Permission":
    from creditscore_serving.access.permissions import Permission as Known  # noqa: PLC0415 - as above

    try:
        return Known(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no scope. Give {SCOPES}.") from None


def _told(key: "ApiKey") -> str:
    caller = key.caller
    allows = "admin" if "admin" in caller.scopes else " ".join(sorted(caller.scopes))
    units = "" if caller.units is None else f" of {' '.join(caller.units.as_texts())}"
    rate = "" if caller.rate is None else f", {caller.rate.per_second:g}/s"
    ends = "" if key.expires_on is None else f", ends {key.expires_on}"
    used = "never used" if key.last_used_at is None else f"last used {_moment(key.last_used_at)}"
    made = f"made {_moment(key.created_at)}, {used}{ends}"
    return f"{key.key_id}  {_state(key)}  {caller.name}  {allows}{units}{rate}, {made}"


def _state(key: "ApiKey") -> str:
    if key.revoked_at is not None:
        return "revoked"
    return "ended" if datetime.now(UTC).timestamp() >= key.ends_at else "good"


def _moment(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M")


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _line(entry: "Entry") -> str:
    ids = ", ".join(entry.customer_ids[:SHOWN_IDS])
    more = len(entry.customer_ids) - SHOWN_IDS
    about = f"{ids} and {more} more" if more > 0 else ids or "nobody"
    who = f"{entry.caller or 'unknown'} ({entry.key_id or 'no key'})"
    return f"{entry.moment:%Y-%m-%d %H:%M:%S}  {who}  {entry.action}  {entry.status}  about {about}"


def _as_json(entry: "Entry") -> str:
    return json.dumps({**asdict(entry), "asked_at": entry.moment.isoformat()}, ensure_ascii=False)

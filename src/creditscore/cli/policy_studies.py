"""``creditscore policy frontier`` and ``policy backtest``: what the stored days teach about the policy."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from creditscore.cli.console import Folder, console, say
from creditscore.cli.policy_file import read_policy
from creditscore.domain import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from creditscore.decisions import Backtest

Late = Annotated[float, typer.Option(min=0, help="Mean days by which red may come later than the raw colour.")]
Added = Annotated[
    float, typer.Option(min=0, help="Reserve that governance may add, as a share of that of raw colours.")
]
Everything = Annotated[Path | None, typer.Option("--csv", metavar="FILE", help="Write every setting to a CSV file.")]
FRONTIER = {  # what is shown of a setting: its column, its heading, and how
    "downgrade_margin": ("fall margin", "{:g}"),
    "upgrade_margin": ("rise margin", "{:g}"),
    "downgrade_dwell_days": ("fall days", "{:.0f}"),
    "upgrade_dwell_days": ("rise days", "{:.0f}"),
    "flips_per_year": ("flips a year", "{:.3f}"),
    "false_flip_ratio": ("false", "{:.1%}"),
    "days_late": ("days late", "{:.2f}"),
    "missed_red_count": ("missed red", "{:.0f}"),
    "held_worse_ratio": ("held worse", "{:.1%}"),
    "reserve_added_ratio": ("more reserve", "{:.2%}"),
}
TOTALS = ["a", "b", "difference", "low", "high"]
WAYS = 2
THOUSAND = 1_000  # minor units, so that large amounts fit a screen


def frontier(
    workspace: Folder = Path(),
    most_days_late: Late = 0.0,
    most_reserve_added: Added = 0.02,
    csv: Everything = None,
) -> None:
    """Replay settings of the governed colour on every stored day, and name the one with the fewest changes."""
    from creditscore.decisions import chosen_setting, efficient  # noqa: PLC0415 - heavy, as the next
    from creditscore.scoring.studies import governance_frontier  # noqa: PLC0415

    found = governance_frontier(Workspace(workspace))
    if csv is not None:
        found.to_csv(csv, index=False)
    timely = found[found["days_late"] <= most_days_late]
    shown = timely[efficient(timely)].sort_values("flips_per_year", ascending=False)
    headings = [heading for heading, _ in FRONTIER.values()]
    _show(headings, ([form.format(row[name]) for name, (_, form) in FRONTIER.items()] for _, row in shown.iterrows()))
    best = chosen_setting(found, most_days_late=most_days_late, most_reserve_added_ratio=most_reserve_added)
    warned = int(found["warned_default_count"].iloc[0])
    say(f"{len(found)} settings; {warned} customers were red before they defaulted.")
    say(
        f"Fewest changes with at most {most_days_late:g} days late and {most_reserve_added:.1%} more reserve: "
        f"downgrade_margin {best.downgrade_margin:g}, upgrade_margin {best.upgrade_margin:g}, "
        f"downgrade_dwell_days {best.downgrade_dwell_days}, upgrade_dwell_days {best.upgrade_dwell_days}."
    )


Days = Annotated[Path | None, typer.Option("--csv", metavar="FILE", help="Write every replayed day to a CSV file.")]
Files = Annotated[list[Path], typer.Option("--policy", help="Policy file or `shipped`; give it twice, A then B.")]


def backtest(policy: Files, workspace: Folder = Path(), csv: Days = None) -> None:
    """Replay the stored days, sales and defaults under two policies; differences with 95 % intervals."""
    from creditscore.scoring.studies import backtest_policies  # noqa: PLC0415 - heavy

    if len(policy) != WAYS:
        raise typer.BadParameter(f"{len(policy)} policies are given. Give --policy twice: A, then B.")
    first, second = map(read_policy, policy)
    found = backtest_policies(Workspace(workspace), policies=(first, second))
    if csv is not None:
        found.by_day.to_csv(csv, index=False)
    _tell(found)


def _tell(found: "Backtest") -> None:
    rows = ([_heading(str(name)), *_numbers(str(name), row)] for name, row in found.totals.iterrows())
    _show(["measure", "A", "B", "B - A", "95 % from", "to"], rows)
    say(
        f"{found.customer_count:,} customers on {found.day_count} days; amounts in thousands of minor units. "
        "Approvals and reserve are means over the days, the others sums."
    )
    for sentence in found.cautions:
        say(sentence)


def _heading(measure: str) -> str:
    return measure.removesuffix("_amount").removesuffix("_count").replace("_", " ")


def _numbers(measure: str, row: "pd.Series[float]") -> list[str]:
    unit = THOUSAND if measure.endswith("_amount") else 1
    return [f"{row[name] / unit:,.0f}" for name in TOTALS]


def _show(names: "list[str]", rows: "Iterable[list[str]]") -> None:
    from rich.table import Column, Table  # noqa: PLC0415 - keeps --help quick

    first, *others = names
    columns = (Column(name, justify="right") for name in others)
    table = Table(Column(first, no_wrap=True), *columns, box=None)
    for row in rows:
        table.add_row(*row)
    console.print(table)

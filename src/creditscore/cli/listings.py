"""The table of ``creditscore models list``."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.table import Table

    from creditscore.scoring import ListedModel, Reign

HEADINGS = ("bundle", "observed", "learned until", "AUC out of time", "slope", "gates", "version", "is")


def listing(models: "Sequence[ListedModel]") -> "Table":
    """Return one row a bundle, the champion first."""
    from rich.table import Column, Table  # noqa: PLC0415 - keeps --help quick

    table = Table(Column(HEADINGS[0], no_wrap=True), *HEADINGS[1:], box=None, padding=(0, 1, 0, 0), pad_edge=False)
    for one in models:
        table.add_row(*_row(one))
    return table


def _row(one: "ListedModel") -> tuple[str, ...]:
    if one.trouble is not None:
        return (one.folder_name, *["-"] * (len(HEADINGS) - 2), "broken")
    return (
        one.folder_name,
        f"{_day(one.first_on)} to {_day(one.last_on)}",
        _day(one.learned_until),
        _auc(one),
        "-" if one.calibration_slope is None else f"{one.calibration_slope:.2f}",
        f"{sum(gate.passed for gate in one.gates)} of {len(one.gates)}" if one.gates else "not known",
        _version(one),
        _standing(one),
    )


def _version(one: "ListedModel") -> str:
    if one.registry_version is None:
        return "-"
    return one.registry_version + (f" of {one.registered_at:%Y-%m-%d}" if one.registered_at else "")


def _auc(one: "ListedModel") -> str:
    if one.auc is None:
        return "-"
    known = one.auc_low is not None and one.auc_high is not None
    return f"{one.auc:.3f}" + (f" ({one.auc_low:.3f} to {one.auc_high:.3f})" if known else "")


def _standing(one: "ListedModel") -> str:
    past = [reign for reign in one.reigns if reign.until is not None or one.role != "champion"]
    since = [reign for reign in one.reigns if reign.until is None and one.role == "champion"]
    now = one.role or ""
    if since:
        now += f" since {since[-1].since:%Y-%m-%d}"
    was = f"was champion {', '.join(_span(reign) for reign in past)}" if past else ""
    return "; ".join(part for part in (now, was) if part)


def _span(reign: "Reign") -> str:
    return f"{reign.since:%Y-%m-%d} to {_day(None if reign.until is None else reign.until.date())}"


def _day(day: date | None) -> str:
    return "?" if day is None else str(day)

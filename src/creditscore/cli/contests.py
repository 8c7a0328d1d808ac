"""What ``creditscore models compare`` says."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.table import Table

    from creditscore.scoring import Contest, ModelComparison
    from creditscore.validation import Estimate

SIGNIFICANT = 0.05


def described(found: "ModelComparison") -> "list[Table | str]":
    """Return a comparison as sentences and tables, in the order in which they are read."""
    parts: list[Table | str] = []
    for told, one in (("Out of time for both", found.tested), ("Scored beside each other day by day", found.lived)):
        if one is not None:
            parts += [_head(told, one), _table(found, one), _verdict(found, one), _distribution(one), _colours(one)]
    return [*parts, *found.notes]


def _head(told: str, one: "Contest") -> str:
    return (
        f"[bold]{told}[/]: {one.row_count:,} rows of {one.customer_count:,} customers, {one.first_on:%Y-%m-%d} to "
        f"{one.last_on:%Y-%m-%d}, {one.default_count:,} defaults"
    )


def _table(found: "ModelComparison", one: "Contest") -> "Table":
    from rich.table import Table  # noqa: PLC0415 - keeps --help quick

    table = Table("", found.first, found.second, box=None, padding=(0, 2, 0, 0), pad_edge=False)
    for name, title in (
        ("auc", "AUC"),
        ("brier", "Brier score"),
        ("log_loss", "log loss"),
        ("calibration_slope", "calibration slope"),
    ):
        table.add_row(title, _number(getattr(one.first, name)), _number(getattr(one.second, name)))
    return table


def _number(estimate: "Estimate") -> str:
    interval = f" ({estimate.low:.4f} to {estimate.high:.4f})" if estimate.known else ""
    return f"{estimate.value:.4f}{interval}"


def _verdict(found: "ModelComparison", one: "Contest") -> str:
    gain, p_value = one.difference.difference, one.difference.p_value
    better = found.first if gain > 0 else found.second
    surely = f"{better} ranks better" if p_value < SIGNIFICANT else "neither surely ranks better"
    return f"AUC {gain:+.4f} (paired DeLong by customer, p = {p_value:.3f}): {surely}."


def _distribution(one: "Contest") -> str:
    return (
        f"PSI of the scores between the two: {one.psi.value:.4f}; two samples of one population would give "
        f"{one.psi.expected:.4f}."
    )


def _colours(one: "Contest") -> str:
    moves = [
        f"{one.colours.loc[old, new]:,} {old} to {new}"
        for old in one.colours.index
        for new in one.colours.columns
        if old != new and one.colours.loc[old, new]
    ]
    told = f": {', '.join(moves)}" if moves else ""
    return f"{one.changed_count:,} of {one.customer_count:,} customers would change colour{told}."

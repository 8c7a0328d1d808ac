"""What the risk team reports on."""

from dataclasses import asdict, dataclass

from creditscore.errors import PolicyError


@dataclass(frozen=True, slots=True, kw_only=True)
class Targets:
    """Targets of the portfolio, as shares of 1.

    Parameters
    ----------
    bad_debt_ratio_below
        Bad debt as a share of credit sales stays below this.
    overdue_ratio_below
        Overdue as a share of open receivables stays below this.
    data_accuracy_ratio_from
        Share of correct records is at least this.
    """

    bad_debt_ratio_below: float
    overdue_ratio_below: float
    data_accuracy_ratio_from: float

    def __post_init__(self) -> None:
        outside = {name: value for name, value in asdict(self).items() if not 0 < value <= 1}
        if outside:
            name, value = next(iter(outside.items()))
            raise PolicyError(where="Targets", found=f"{name} is {value:g}.", fix="Give a share of 1 above 0.")

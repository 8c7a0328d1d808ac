"""What is lost when a customer defaults."""

from dataclasses import dataclass

from creditscore.errors import PolicyError


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """Share of the exposure that a default costs.

    Parameters
    ----------
    given_default
        Loss given default, above 0, at most 1. The shipped 0.40 is what the foundation approach of Basel III assigns
        to unsecured senior claims on companies [1]_; replace it by what the own ledger shows.

    References
    ----------
    .. [1] Basel Committee on Banking Supervision, CRE32.6 (version of 1 January 2023).

    Examples
    --------
    >>> Loss(given_default=1.2)
    Traceback (most recent call last):
    creditscore.errors.PolicyError: Loss: given_default is 1.2. Give a share of 1 above 0.
    """

    given_default: float

    def __post_init__(self) -> None:
        if not 0 < self.given_default <= 1:
            raise PolicyError(
                where="Loss", found=f"given_default is {self.given_default:g}.", fix="Give a share of 1 above 0."
            )

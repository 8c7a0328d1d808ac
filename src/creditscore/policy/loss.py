"""What is lost when a customer defaults."""

import math
from dataclasses import dataclass

from creditscore.errors import PolicyError


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """Share of the exposure that a default costs, today and as the economy is expected to be.

    Parameters
    ----------
    given_default
        Loss given default, above 0, at most 1. The shipped 0.40 is what the foundation approach of Basel III assigns
        to unsecured senior claims on companies [1]_; replace it by what the own ledger shows.
    forward_looking_factor
        Factor above 0 by which the loss rates of the provision matrix exceed those of the past, since they are to be
        adjusted for conditions now and forecast [2]_. The shipped 1 expects the economy of the months observed.

    References
    ----------
    .. [1] Basel Committee on Banking Supervision, CRE32.6 (version of 1 January 2023).
    .. [2] IFRS 9 Financial Instruments, B5.5.35 and B5.5.52.

    Examples
    --------
    >>> Loss(given_default=1.2, forward_looking_factor=1.0)
    Traceback (most recent call last):
    creditscore.errors.PolicyError: Loss: given_default is 1.2. Give a share of 1 above 0.
    """

    given_default: float
    forward_looking_factor: float

    def __post_init__(self) -> None:
        if not 0 < self.given_default <= 1:
            raise PolicyError(
                where="Loss", found=f"given_default is {self.given_default:g}.", fix="Give a share of 1 above 0."
            )
        if not 0 < self.forward_looking_factor < math.inf:
            raise PolicyError(
                where="Loss",
                found=f"forward_looking_factor is {self.forward_looking_factor:g}.",
                fix="Give a factor above 0; 1 changes nothing.",
            )

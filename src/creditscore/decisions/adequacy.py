"""Whether the reserve is enough: against what was lost, against a provision matrix, and against expected loss."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from creditscore.decisions.customer_keys import keys_of
from creditscore.decisions.provision_matrix import RollRates, matrix_table, provisions
from creditscore.decisions.realised_loss import TOTAL, realised_losses
from creditscore.domain import Colour, several, text
from creditscore.errors import ContractError, ParameterError, some
from creditscore.policy import Policy
from creditscore.policy.exact import IntArray

RESERVED_COLUMNS = ("customer_id", "colour", "exposure_amount", "held_amount", "default_probability")
GAP_COLUMNS = (
    "colour",
    "customer_count",
    "unknown_count",
    "exposure_amount",
    "held_amount",
    "provision_amount",
    "provision_gap_amount",
    "expected_loss_amount",
    "expected_loss_gap_amount",
)
DRIVER_COLUMNS = ("against", "customer_id", "colour", "exposure_amount", "held_amount", "needed_amount", "gap_amount")
Against = Literal["provision", "expected_loss"]
AGAINST: tuple[Against, ...] = ("provision", "expected_loss")


@dataclass(frozen=True, slots=True, kw_only=True)
class Adequacy:
    """What a report says about the reserve.

    Parameters
    ----------
    realised
        Each colour's rate against what was lost; see :func:`creditscore.decisions.realised_losses`.
    matrix
        The provision matrix; see :func:`creditscore.decisions.matrix_table`.
    gaps
        ``GAP_COLUMNS``, one row for each governed colour, best first, and one for ``total``: what is held, what the
        provision matrix and the expected loss ask for, and what is held less each of these: positive is a surplus,
        negative a shortfall. ``unknown_count`` customers without a known exposure are in no amount.
    drivers
        ``DRIVER_COLUMNS``: of each comparison the customers with the largest gap, of either sign, largest first.
    """

    realised: pd.DataFrame
    matrix: pd.DataFrame
    gaps: pd.DataFrame
    drivers: pd.DataFrame


def adequacy(
    policy: Policy,
    reserved: pd.DataFrame,
    *,
    matured: pd.DataFrame,
    ageing: pd.DataFrame,
    rolls: RollRates,
    top: int = 10,
) -> Adequacy:
    """Compare the reserve with realised loss, with the IFRS 9 provision matrix, and with PD x LGD x exposure.

    Parameters
    ----------
    policy
        Rates of the reserve, loss given default and forward-looking factor.
    reserved
        ``RESERVED_COLUMNS``, one row for each customer of the day: governed colour, exposure (missing where unknown)
        and held reserve in minor units, and the probability of default.
    matured
        Snapshots whose outcome window has ended, as :func:`creditscore.decisions.realised_losses` takes them.
    ageing
        The day's open amounts, as :func:`creditscore.decisions.provisions` takes them.
    rolls
        Roll rates of the months before.
    top
        How many customers to name in each comparison.

    Raises
    ------
    ContractError
        If a column is missing, a customer stands twice, a colour is unknown, a probability is none, or the ageing
        names customers that are not of the day.
    ParameterError
        If ``top`` is negative, or as :func:`creditscore.decisions.provisions` does.
    """
    if top < 0:
        raise ParameterError(where="top", found=f"It is {top}.", fix="Give 0 or more.")
    _check(reserved, ageing)
    provided = provisions(ageing, rolls.loss_ratios(policy.loss))
    compared = _compared(policy, reserved, provided)
    return Adequacy(
        realised=realised_losses(policy.reserve, matured),
        matrix=matrix_table(provided, rolls, policy.loss),
        gaps=_gaps(reserved, compared),
        drivers=pd.concat([_drivers(compared, against, top) for against in AGAINST], ignore_index=True),
    )


def expected_losses(
    exposure_amount: pd.Series, default_probability: pd.Series, *, loss_given_default: float
) -> pd.Series:
    """Return PD x LGD x exposure of each customer in whole minor units; a negative exposure loses nothing.

    >>> expected_losses(pd.Series([10_000, -50]), pd.Series([0.05, 0.5]), loss_given_default=0.4).tolist()
    [200, 0]
    """
    at_risk = np.maximum(exposure_amount.to_numpy(np.int64), 0)
    expected = np.rint(at_risk * default_probability.to_numpy(np.float64) * loss_given_default)
    return pd.Series(expected.astype(np.int64), index=exposure_amount.index)


def _compared(policy: Policy, reserved: pd.DataFrame, provided: pd.DataFrame) -> pd.DataFrame:
    """Return the customers whose exposure is known, with what each comparison asks for and the gap to it."""
    known = reserved[reserved["exposure_amount"].notna()].astype({"exposure_amount": np.int64, "held_amount": np.int64})
    provision = _by_customer(provided, known["customer_id"])
    expected = expected_losses(
        known["exposure_amount"], known["default_probability"], loss_given_default=policy.loss.given_default
    )
    return known.assign(
        provision_amount=provision,
        expected_loss_amount=expected,
        provision_gap_amount=known["held_amount"] - provision,
        expected_loss_gap_amount=known["held_amount"] - expected,
    )


def _by_customer(provided: pd.DataFrame, customers: pd.Series) -> IntArray:
    """Return the provision of each customer, over its buckets; 0 where nothing is open."""
    places = keys_of(customers).get_indexer(keys_of(provided["customer_id"]))
    summed = np.zeros(len(customers), dtype=np.int64)
    np.add.at(summed, places[places >= 0], provided["provision_amount"].to_numpy(np.int64)[places >= 0])
    return summed


def _gaps(reserved: pd.DataFrame, compared: pd.DataFrame) -> pd.DataFrame:
    amounts = [name for name in GAP_COLUMNS if name.endswith("_amount")]
    sums = compared.groupby("colour")[amounts].sum()
    sums = sums.reindex([str(colour) for colour in Colour])
    everyone, measured = reserved["colour"].value_counts(), compared["colour"].value_counts()
    sums["customer_count"] = everyone
    sums["unknown_count"] = everyone.sub(measured, fill_value=0)
    whole = sums.fillna(0).astype(np.int64)
    total = whole.sum().to_frame(TOTAL).T
    return pd.concat([whole, total]).rename_axis("colour").reset_index()[list(GAP_COLUMNS)]


def _drivers(compared: pd.DataFrame, against: Against, top: int) -> pd.DataFrame:
    found = compared.assign(
        against=against,
        needed_amount=compared[f"{against}_amount"],
        gap_amount=compared[f"{against}_gap_amount"],
        size=compared[f"{against}_gap_amount"].abs(),
    )
    ordered = found[found["size"] > 0].sort_values(["size", "customer_id"], ascending=[False, True])
    return ordered.head(top)[list(DRIVER_COLUMNS)]


def _check(reserved: pd.DataFrame, ageing: pd.DataFrame) -> None:
    missing = [column for column in RESERVED_COLUMNS if column not in reserved]
    if missing:
        raise ContractError(
            where="reserved", found=f"{some(missing)} missing.", fix=f"Give {', '.join(RESERVED_COLUMNS)}."
        )
    customers, probability = reserved["customer_id"], reserved["default_probability"]
    no_colour = ~reserved["colour"].isin([str(colour) for colour in Colour])
    broken = int((keys_of(customers).duplicated() | no_colour | ~probability.between(0, 1)).sum())
    if broken:
        raise ContractError(
            where="reserved",
            found=text(
                "{broken} of {rows} rows repeat a customer, or lack a colour or a probability of default.",
                broken=broken,
                rows=len(reserved),
            ),
            fix="Give one row for each customer, with its governed colour and a probability in [0, 1].",
        )
    aged = keys_of(ageing["customer_id"])
    strange = aged[keys_of(customers).get_indexer(aged) < 0].unique()
    if len(strange):
        raise ContractError(
            where="ageing",
            found=text("{customers} are not among the day's customers.", customers=several(strange)),
            fix="Age the book of the day.",
        )

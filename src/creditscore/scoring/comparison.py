"""Two bundles held against each other on the same customers and days, as equals."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import expit

from creditscore import validation
from creditscore.domain import Colour, Text, joined, text
from creditscore.errors import ParameterError, some
from creditscore.policy import Decisions, Policy, decide
from creditscore.scoring.bundle import Bundle
from creditscore.validation import Estimate, PairedDelong, Psi

KEYS = ["customer_id", "as_of"]
WANTED = ("customer_id", "as_of", "split", "default_flag", "log_odds")
TEST = "test"
WHERE = "comparison"
FEWEST = 2  # rows of each class without which no ranking can be judged

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Quality:
    """How well one bundle does on the shared rows, with 95 % intervals."""

    auc: Estimate
    brier: Estimate
    log_loss: Estimate
    calibration_slope: Estimate


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Contest:
    """Two bundles on the same rows.

    Parameters
    ----------
    row_count, customer_count, default_count
        The rows, the customers behind them, and the rows that defaulted.
    first_on, last_on
        First and last day of the rows.
    first, second
        How well each does.
    difference
        First minus second AUC, by the paired DeLong test clustered by customer.
    psi
        How far the second's scores lie from the first's on these rows. Its benchmark takes two samples of one
        population; the rows are the same here, so less than the benchmark is usual.
    colours
        Customers by colour of the first (rows) and of the second (columns), each on its last shared day, under the
        policy of today.
    """

    row_count: int
    customer_count: int
    default_count: int
    first_on: pd.Timestamp
    last_on: pd.Timestamp
    first: Quality
    second: Quality
    difference: PairedDelong
    psi: Psi
    colours: pd.DataFrame

    @property
    def changed_count(self) -> int:
        """Customers that would change colour."""
        return int(self.colours.to_numpy().sum() - np.trace(self.colours.to_numpy()))


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedRows:
    """The rows on which both bundles were tested, and what had to stay out.

    Parameters
    ----------
    frame
        ``customer_id``, ``as_of``, ``default_flag``, ``first_log_odds``, ``second_log_odds``.
    warnings
        Sentences on rows that one of them had learned from.
    """

    frame: pd.DataFrame
    warnings: tuple[str, ...]


def shared_rows(first: Bundle, second: Bundle) -> SharedRows:
    """Return the labelled rows, same customer and day, that were out of time for both.

    Raises
    ------
    ParameterError
        If there are none, because one learned from the days of the other's test or their tests lie apart; or if the
        bundles foretell different things.
    """
    demand_one_question(first, second)
    tests = [
        _tested(bundle).rename(columns={name: f"{place}_{name}" for name in ("default_flag", "log_odds")})
        for place, bundle in (("first", first), ("second", second))
    ]
    both = tests[0].merge(tests[1], on=KEYS, validate="one_to_one")
    if both.empty:
        raise ParameterError(where=WHERE, found=_apart(first, second), fix=_OTHERWISE)
    # Whoever was trained later knows more of what became of a customer.
    wiser = "second" if _knows_until(second) > _knows_until(first) else "first"
    frame = both.rename(columns={f"{wiser}_default_flag": "default_flag"})
    warnings = (*_learned(first, of=second), *_learned(second, of=first))
    columns = [*KEYS, "default_flag", "first_log_odds", "second_log_odds"]
    return SharedRows(frame=frame[columns].sort_values(KEYS, ignore_index=True), warnings=warnings)


def _knows_until(bundle: Bundle) -> date:
    return bundle.learned_until or date.min


def contest(rows: pd.DataFrame, policy: Policy) -> Contest:
    """Hold two bundles against each other.

    Parameters
    ----------
    rows
        As :class:`SharedRows` has them.
    policy
        Gives scores and colours.

    Raises
    ------
    ParameterError
        If there are fewer than two defaults or two others.
    """
    flag = rows["default_flag"].to_numpy(np.float64)
    _demand_both_classes(flag)
    log_odds = {name: rows[f"{name}_log_odds"].to_numpy(np.float64) for name in ("first", "second")}
    customers = rows["customer_id"].to_numpy(object)
    scores = {name: _decided(policy, values).score for name, values in log_odds.items()}
    return Contest(
        row_count=len(rows),
        customer_count=rows["customer_id"].nunique(),
        default_count=int(flag.sum()),
        first_on=rows["as_of"].min(),
        last_on=rows["as_of"].max(),
        first=_quality(flag, log_odds["first"], customers),
        second=_quality(flag, log_odds["second"], customers),
        difference=validation.paired_delong(flag, log_odds["first"], log_odds["second"], customers=customers),
        psi=validation.psi(scores["first"], scores["second"]),
        colours=_colours(rows, policy),
    )


def demand_one_question(first: Bundle, second: Bundle) -> None:
    """Refuse two bundles that do not foretell the same thing."""
    hashes = {bundle.manifest["default_definition_hash"] for bundle in (first, second)}
    if len(hashes) > 1:
        raise ParameterError(
            where=WHERE,
            found=text(
                "They foretell different things: {first} and {second}.",
                first=_definition(first),
                second=_definition(second),
            ),
            fix="Compare bundles that were trained on one definition of default.",
        )


def _demand_both_classes(flag: Floats) -> None:
    """Refuse rows on which no ranking can be judged."""
    defaults = int(flag.sum())
    if min(defaults, len(flag) - defaults) < FEWEST:
        raise ParameterError(
            where=WHERE,
            found=text(
                "The shared rows hold {defaults} defaults and {others} others.",
                defaults=defaults,
                others=len(flag) - defaults,
            ),
            fix=f"At least {FEWEST} of each are needed: take bundles whose tests share more days.",
        )


_OTHERWISE = (
    "Train one of them again with the other's periods, or let one challenge the other and compare once the outcomes of "
    "their daily scores are known."
)


def _definition(bundle: Bundle) -> Text:
    return text("{version!r} within {months} months", version=bundle.definition.version, months=bundle.horizon_months)


def _evaluated(bundle: Bundle) -> pd.DataFrame:
    frame = bundle.evaluation()
    lacking = [name for name in WANTED if name not in frame.columns]
    if lacking:
        raise ParameterError(
            where=f"bundle {bundle.folder.name!r}",
            found=text("The rows that it was judged on lack {columns}.", columns=some(lacking)),
            fix="Train it again with this version.",
        )
    return frame


def _tested(bundle: Bundle) -> pd.DataFrame:
    frame = _evaluated(bundle)
    return frame.loc[(frame["split"] == TEST) & frame["default_flag"].notna(), [*KEYS, "default_flag", "log_odds"]]


def _days(frame: pd.DataFrame) -> str:
    if frame.empty:
        return "no day"
    return text("{first} to {last}", first=f"{frame['as_of'].min():%Y-%m-%d}", last=f"{frame['as_of'].max():%Y-%m-%d}")


def _apart(first: Bundle, second: Bundle) -> Text:
    """Say why two tests share no row."""
    sentences = []
    for bundle, other in ((first, second), (second, first)):
        learned, tested = _learning_days(bundle), _tested(other)
        until = learned.max() if len(learned) else None
        if until is not None and (tested["as_of"] <= until).any():
            sentences.append(
                text(
                    "{learner} learned from days until {until}, and {other} was tested on {days}.",
                    learner=bundle.folder.name,
                    until=f"{until:%Y-%m-%d}",
                    other=other.folder.name,
                    days=_days(tested),
                )
            )
    spans = joined([_days(_tested(bundle)) for bundle in (first, second)], " and ")
    return joined(
        ["No row was out of time for both.", *(sentences or [text("Their tests lie on {days}.", days=spans)])]
    )


def _learning_days(bundle: Bundle) -> pd.Series:
    frame = _evaluated(bundle)
    return frame.loc[frame["split"] != TEST, "as_of"]


def _learned(bundle: Bundle, *, of: Bundle) -> tuple[str, ...]:
    """Warn of the other's test rows that lie on days from which this bundle learned."""
    learned, tested = _learning_days(bundle), _tested(of)
    count = int((tested["as_of"] <= learned.max()).sum()) if len(learned) else 0
    if not count:
        return ()
    told = (
        f"{count:,} of {len(tested):,} test rows of {of.folder.name} lie on days until {learned.max():%Y-%m-%d}, from "
        f"which {bundle.folder.name} learned; they are left out."
    )
    return (told,)


def _quality(flag: Floats, log_odds: Floats, customers: npt.NDArray[np.object_]) -> Quality:
    probability = expit(log_odds)
    return Quality(
        auc=validation.auc(flag, log_odds, customers=customers),
        brier=validation.brier(flag, probability),
        log_loss=validation.log_loss(flag, probability),
        calibration_slope=validation.calibration_line(flag, probability).slope,
    )


def _decided(policy: Policy, log_odds: Floats) -> Decisions:
    return decide(policy, log_odds=log_odds, exposure_amount=np.zeros(len(log_odds), np.int64))


def _colours(rows: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    last = rows.sort_values(KEYS).drop_duplicates("customer_id", keep="last")
    names = [str(colour) for colour in Colour]
    first, second = (
        _decided(policy, last[f"{name}_log_odds"].to_numpy(np.float64)).colour for name in ("first", "second")
    )
    counts = pd.crosstab(first, second, rownames=["first"], colnames=["second"])
    return counts.reindex(index=names, columns=names, fill_value=0)

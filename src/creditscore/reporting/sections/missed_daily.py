"""Which defaulters a daily score held for safe, added to what the out-of-time test says of them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from creditscore.domain import Colour, Text, joined, text
from creditscore.reporting.defaulters import DailyDefaulters
from creditscore.reporting.document import Section
from creditscore.reporting.formats import percent
from creditscore.reporting.sections.missed import MOST_ROWS, SHOWN, months_until_default
from creditscore.reporting.sections.wording import counted, money, span
from creditscore.scoring.contract import FeatureContract

SOURCE = "source"
TEST, DAILY = "out-of-time test", "daily score"


def with_daily(
    section: Section,
    defaulters: DailyDefaulters | None,
    *,
    contract: Sequence[FeatureContract],
    currency: str | None,
) -> Section:
    """Add to a section the defaulters who were green in a daily score, with the reasons stored with it.

    Parameters
    ----------
    section
        What :func:`missed_section` answers from the out-of-time test.
    defaulters
        Who defaulted after a daily score; ``None`` where no window of one has ended, and nothing is added.
    contract
        The bundle's features, whose reasons the codes are.
    currency
        ISO 4217 code of the amounts.
    """
    if defaulters is None:
        return section
    green = (defaulters.frame["colour"] == str(Colour.GREEN)).to_numpy(dtype=bool)
    missed = DailyDefaulters(defaulters.frame[green], defaulters.days)
    return replace(
        section,
        answer=joined([section.answer, _counted(missed, defaulters, currency), _strongest(missed, contract)]),
        table=_joined(section.table, daily_table(missed, contract=contract)),
        method=text(
            "{method} Daily scores: of each month the last scored day whose window has ended; each defaulter "
            "once, on the first of these days whose window holds the default, with the colour and the reasons that "
            "were stored on that day; the {most} largest are shown. They set no light here: the months do.",
            method=section.method,
            most=MOST_ROWS,
        ),
    )


def daily_table(missed: DailyDefaulters, *, contract: Sequence[FeatureContract]) -> pd.DataFrame:
    """Return the twenty largest by exposure, as the out-of-time test's table has them."""
    order = missed.frame.sort_values(["exposure_amount", "customer_id"], ascending=[False, True]).head(MOST_ROWS)
    (pd_name,) = (name for name in order.columns if name.startswith("pd_"))
    told = [joined(own, "; ") for own in DailyDefaulters(order, missed.days).reasons(contract)]
    table = order.rename(columns={"as_of": "observed_on", pd_name: "pd"}).assign(
        default_after_months=months_until_default(order),
        strongest_reasons=pd.Series(told, index=order.index, dtype=object),
    )
    return table[SHOWN].reset_index(drop=True)


def _joined(test: pd.DataFrame | None, daily: pd.DataFrame) -> pd.DataFrame | None:
    parts = [(TEST, test), (DAILY, daily)]
    told = [part.assign(**{SOURCE: name})[[SOURCE, *SHOWN]] for name, part in parts if part is not None and len(part)]
    return pd.concat(told, ignore_index=True) if told else test


def _counted(missed: DailyDefaulters, defaulters: DailyDefaulters, currency: str | None) -> Text:
    days, total = span([f"{day:%Y-%m-%d}" for day in missed.days]), len(defaulters.frame)
    if not total:
        return text("Of those scored on {days} nobody has defaulted within the window.", days=days)
    owed = int(missed.frame["exposure_amount"].fillna(0).sum())
    return text(
        "Daily scores of {days}: {missed:,} of {defaulters} ({share}) were green when scored; they owed {owed}.",
        days=days,
        missed=len(missed.frame),
        defaulters=counted(total, "defaulter"),
        share=percent(len(missed.frame) / total),
        owed=money(owed, currency),
    )


def _strongest(missed: DailyDefaulters, contract: Sequence[FeatureContract]) -> str:
    """Say which stored reason led most often."""
    led = Counter(told[0] for told in missed.reasons(contract) if told)
    if not led:
        return ""
    reason, times = min(led.items(), key=lambda entry: (-entry[1], entry[0]))
    return text(
        "The reason stored first was most often {reason!r}: {times:,} of {all:,} times.",
        reason=reason,
        times=times,
        all=sum(led.values()),
    )

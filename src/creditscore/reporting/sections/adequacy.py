"""Whether the reserve is enough, by three yardsticks."""

import math

import pandas as pd

from creditscore.decisions import Adequacy
from creditscore.domain import Colour, Text, Verdict, joined, text
from creditscore.policy import Policy
from creditscore.reporting.charts import Axis, Bars, Chart, Figure, Points, Tone
from creditscore.reporting.decided import DecidedDays
from creditscore.reporting.document import Section
from creditscore.reporting.formats import percent
from creditscore.reporting.sections.colours import TONES
from creditscore.reporting.sections.wording import counted, listed, money

QUESTION = "Is the reserve enough?"
NOT_SCORED = "No day has been scored yet, so nothing is held."
ASIDE = 0.15  # so that marks of one height do not cover each other
PLACES = [float(place) for place in range(len(Colour))]
MOST_LOST = 1.0  # nobody loses more than is owed, though an interval on the logarithm may say so
TOTAL, SHORT, TOO_HIGH = "total", "short", "too high"
REALISED = "realised loss"
AGAINST = {"provision": "provision matrix", "expected_loss": "PD x LGD"}
BY_AGE = "provision matrix, by age"
LARGEST = {"provision": "provision matrix, largest gaps", "expected_loss": "PD x LGD, largest gaps"}
YARDSTICKS = {"provision": "provision matrix", "expected_loss": "expected loss"}  # in a sentence
COLUMNS = {
    "against": "str",
    "part": "str",
    "exposure_amount": "Int64",
    "held_ratio": "float64",
    "loss_ratio": "float64",
    "low_ratio": "float64",
    "high_ratio": "float64",
    "held_amount": "Int64",
    "needed_amount": "Int64",
    "gap_amount": "Int64",
}


def adequacy_section(decided: DecidedDays | None, *, policy: Policy, currency: str | None) -> Section:
    """Answer whether the reserve is enough: against realised losses, a provision matrix, and expected loss."""
    method = _method(policy)
    found = NOT_SCORED if decided is None else decided.adequacy
    if isinstance(found, str):
        answer = found if decided is None else joined(["It cannot be told.", found])
        return Section(question=QUESTION, verdict=Verdict.UNKNOWN, answer=answer, method=method)
    return Section(
        question=QUESTION,
        verdict=adequacy_verdict(found),
        answer=joined([_against_today(found, currency), _against_losses(found), _drivers(found)]),
        table=adequacy_table(found),
        method=method,
        figure=_figure(found),
        note=(
            "A positive gap is more than is needed, a negative one a shortfall. Customers are those with the largest "
            "gap of either sign; customers of unknown exposure are in no comparison. Realised loss counts a customer "
            "as often as it has snapshots, before later recoveries. By age, needed is the provision for what is open."
        ),
    )


def adequacy_verdict(found: Adequacy) -> Verdict:
    """Return the light of the reserve.

    It fails where the whole reserve surely lies below the realised losses; a review is due where a colour's does, or
    where less is held than the provision matrix or the expected loss asks for.
    """
    realised, total = found.realised.set_index("colour")["verdict"], found.gaps.iloc[-1]
    if realised[TOTAL] == SHORT:
        return Verdict.FAIL
    if total["unknown_count"] == total["customer_count"]:
        return Verdict.UNKNOWN
    gaps = [total[f"{against}_gap_amount"] for against in AGAINST]
    return Verdict.REVIEW if (realised == SHORT).any() or min(gaps) < 0 else Verdict.PASS


def adequacy_table(found: Adequacy) -> pd.DataFrame:
    """Return each yardstick by colour, the matrix by age, and the customers with the largest gaps, in one table."""
    parts = [_realised_rows(found), *(_gap_rows(found, against) for against in AGAINST), _matrix_rows(found)]
    parts += [_driver_rows(found, against) for against in AGAINST]
    typed = [part.reindex(columns=list(COLUMNS)).astype(COLUMNS) for part in parts if len(part)]
    return pd.concat(typed, ignore_index=True)


def _realised_rows(found: Adequacy) -> pd.DataFrame:
    known = found.realised[found.realised["snapshot_count"] > 0]
    return pd.DataFrame(
        {
            "against": REALISED,
            "part": known["colour"],
            "exposure_amount": known["exposure_amount"],
            "held_ratio": known["reserve_ratio"],
            "loss_ratio": known["loss_ratio"],
            "low_ratio": known["loss_ratio_low"],
            "high_ratio": known["loss_ratio_high"].clip(upper=MOST_LOST),
            "held_amount": known["reserve_amount"],
            "needed_amount": known["lost_amount"],
            "gap_amount": known["gap_amount"],
        }
    )


def _gap_rows(found: Adequacy, against: str) -> pd.DataFrame:
    gaps = found.gaps[found.gaps["customer_count"] > 0]
    needed = gaps[f"{against}_amount"]
    return _with_ratios(
        gaps.assign(
            against=AGAINST[against],
            part=gaps["colour"],
            needed_amount=needed,
            gap_amount=gaps[f"{against}_gap_amount"],
        )
    )


def _matrix_rows(found: Adequacy) -> pd.DataFrame:
    renamed = {"bucket": "part", "open_amount": "exposure_amount", "provision_amount": "needed_amount"}
    return found.matrix.rename(columns=renamed).assign(against=BY_AGE)


def _driver_rows(found: Adequacy, against: str) -> pd.DataFrame:
    own = found.drivers[found.drivers["against"] == against]
    return _with_ratios(own.assign(against=LARGEST[against], part=own["customer_id"]))


def _with_ratios(rows: pd.DataFrame) -> pd.DataFrame:
    exposure = rows["exposure_amount"].astype("float64")
    exposure = exposure.where(exposure > 0)
    return rows.assign(held_ratio=rows["held_amount"] / exposure, loss_ratio=rows["needed_amount"] / exposure)


def _against_today(found: Adequacy, currency: str | None) -> Text:
    total = found.gaps.iloc[-1]
    gaps = {against: _gap(total, against, noun=noun, currency=currency) for against, noun in YARDSTICKS.items()}
    unknown = int(total["unknown_count"])
    out = text("{customers} of unknown exposure left out.", customers=counted(unknown, "customer")) if unknown else ""
    held = money(total["held_amount"], currency)
    return joined([text("{held} are held: {provision} and {expected_loss}.", held=held, **gaps), out])


def _gap(total: "pd.Series[int]", against: str, *, noun: str, currency: str | None) -> Text:
    gap = total[f"{against}_gap_amount"]
    return text(
        "{gap} {side} than the {yardstick} of {needed}",
        gap=money(abs(gap), currency),
        side="more" if gap >= 0 else "less",
        yardstick=noun,
        needed=money(total[f"{against}_amount"], currency),
    )


def _against_losses(found: Adequacy) -> Text:
    whole = found.realised.iloc[-1]
    if not whole["snapshot_count"]:
        return text("No scored day's outcome window has ended, so realised losses are not known yet.")
    told = text(
        "Realised losses were {losses} of the exposure ({interval}) against a reserve of {reserve}.",
        losses=percent(whole["loss_ratio"]),
        interval=_interval(whole),
        reserve=percent(whole["reserve_ratio"]),
    )
    judged = {word: found.realised["colour"][found.realised["verdict"] == word].tolist() for word in (SHORT, TOO_HIGH)}
    named = [
        text("Surely {judged}: {colours}.", judged=word, colours=listed(colours))
        for word, colours in judged.items()
        if colours
    ]
    return joined([told, *named])


def _interval(whole: "pd.Series[float]") -> Text:
    if math.isnan(whole["loss_ratio_low"]):
        return text("interval unknown")
    low, high = whole["loss_ratio_low"], min(whole["loss_ratio_high"], MOST_LOST)
    return text("{first} to {last}", first=percent(low), last=percent(high))


def _drivers(found: Adequacy) -> Text | str:
    """Name the customers who fall short most, of either comparison."""
    short = found.drivers[found.drivers["gap_amount"] < 0].sort_values(["gap_amount", "customer_id"])
    names = short["customer_id"].drop_duplicates().head(3).tolist()
    return text("Most is missing for {customers}.", customers=listed(names)) if names else ""


def _method(policy: Policy) -> Text:
    return text(
        "Realised loss: what customers in default left unpaid at the end of the outcome window of what was invoiced "
        "until the scored day, over the exposure, with an interval that takes a customer's snapshots together "
        "(Cochran 1977, 6.3), against the policy's rates. Provision matrix: IFRS 9, simplified approach (5.5.15, "
        "B5.5.35), roll rates of the last 12 full months to more than 90 days past due, times a loss given default of "
        "{given_default} and a forward-looking factor of {factor:g}. Expected loss: PD x LGD x exposure. Fails where "
        "the whole reserve surely lies below the realised losses; review where a colour's does, or where less is held "
        "than the matrix or the expected loss asks for.",
        given_default=percent(policy.loss.given_default),
        factor=policy.loss.forward_looking_factor,
    )


def _figure(found: Adequacy) -> Figure:
    colours = [str(colour) for colour in Colour]
    of = {name: rows.set_index("part").reindex(colours) for name, rows in adequacy_table(found).groupby("against")}
    today, realised = of[AGAINST["provision"]], of.get(REALISED)
    seen = [today["held_ratio"], *(rows["loss_ratio"] for rows in of.values())]
    by_colour = Chart(
        title="Held and needed by colour",
        description="Held reserve as a bar, and what each yardstick asks for as marks, as shares of the exposure.",
        x=Axis(label="Governed colour", ticks=colours),
        y=Axis(label="Share of the exposure", percent=True, low=0, high=1.15 * _highest(seen)),
        layers=(
            Bars(x=PLACES, height=today["held_ratio"].tolist(), width=0.55, tones=list(TONES.values())),
            Points(x=PLACES, y=today["loss_ratio"].tolist(), label=AGAINST["provision"], tone=Tone.INK),
            Points(
                x=PLACES,
                y=of[AGAINST["expected_loss"]]["loss_ratio"].tolist(),
                label=AGAINST["expected_loss"],
                hollow=True,
            ),
            *(() if realised is None else (_realised_points(realised),)),
        ),
    )
    caption = "" if realised is None else "Where an interval leaves the plot, the table has its end."
    return Figure(charts=(by_colour, _matrix_chart(found)), caption=caption)


def _highest(seen: "list[pd.Series[float]]") -> float:
    """Return the highest share that is drawn; intervals of a few losses would flatten everything else."""
    highest = float(pd.concat(seen).max())
    return highest if highest > 0 else 1.0


def _realised_points(realised: pd.DataFrame) -> Points:
    return Points(
        x=[place + ASIDE for place in PLACES],
        y=realised["loss_ratio"].tolist(),
        low=realised["low_ratio"].tolist(),
        high=realised["high_ratio"].tolist(),
        label=REALISED,
        tone=Tone.OTHER,
    )


def _matrix_chart(found: Adequacy) -> Chart:
    matrix = found.matrix
    places = [float(place) for place in range(len(matrix))]
    return Chart(
        title="Loss rate by age",
        description="Loss rate of the provision matrix for each age of what is open.",
        x=Axis(label="Share of what is open", percent=True, low=0),
        y=Axis(label="", ticks=matrix["bucket"].tolist()),
        layers=(Bars(x=places, height=matrix["loss_ratio"].tolist(), width=0.55, along="x"),),
    )

"""What a plot shows, as plain data: reports say what to draw here, and only ``figures`` knows how."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, TypeAlias


class Tone(StrEnum):
    """Role of a colour in a plot; the drawing room gives each role one ink that also differs in grey on paper."""

    MAIN = "main"
    OTHER = "other"
    THIRD = "third"
    QUIET = "quiet"
    PALE = "pale"
    INK = "ink"
    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A curve through ``(x, y)``; missing values of ``y`` break it."""

    x: Sequence[float]
    y: Sequence[float]
    label: str = ""
    tone: Tone = Tone.MAIN
    dashed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Points:
    """Marks at ``(x, y)``, with an interval from ``low`` to ``high`` along one axis where both are given."""

    x: Sequence[float]
    y: Sequence[float]
    low: Sequence[float] | None = None
    high: Sequence[float] | None = None
    along: Literal["x", "y"] = "y"
    label: str = ""
    tone: Tone = Tone.MAIN
    hollow: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    """Bars of ``height`` around ``x``, lying where ``along`` is ``"x"``; with ``tones``, each bar its own."""

    x: Sequence[float]
    height: Sequence[float]
    width: float = 0.8
    along: Literal["x", "y"] = "y"
    label: str = ""
    tone: Tone = Tone.MAIN
    tones: Sequence[Tone] | None = None


Layer: TypeAlias = Line | Points | Bars


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """One axis: its label, how its numbers read, and its limits where they are fixed.

    Parameters
    ----------
    label
        What is measured, with its unit.
    percent
        Whether a value of 0.1 reads as 10 %.
    log
        Whether the axis is logarithmic; values at or below ``low`` are then drawn at ``low``.
    ticks
        Names of the categories at 0, 1, 2, ...; none for numbers.
    low, high
        Limits; none to fit the data.
    """

    label: str
    percent: bool = False
    log: bool = False
    ticks: Sequence[str] | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """One plot.

    Parameters
    ----------
    title
        What it shows, in a few words.
    description
        What there is to see, in a sentence for readers who do not see it.
    x, y
        The axes.
    layers
        What is drawn, from back to front.
    """

    title: str
    description: str
    x: Axis
    y: Axis
    layers: tuple[Layer, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """The plots of one section: side by side on a wide page, below each other on a phone."""

    charts: tuple[Chart, ...]
    caption: str = ""

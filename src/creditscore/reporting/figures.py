"""Draws charts as SVG; the only module that knows matplotlib, and it never touches pyplot's global state."""

import io
import re
import warnings
from collections.abc import Sequence
from html import escape
from typing import Any, Final

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure as Canvas
from matplotlib.figure import FigureBase
from matplotlib.font_manager import get_font_names
from matplotlib.ticker import FuncFormatter, NullFormatter

from creditscore.reporting.charts import Axis, Bars, Chart, Line, Points, Tone

INK: Final = {  # apart in lightness too, so that a grey print still tells them apart
    Tone.MAIN: "#1f4e79",
    Tone.OTHER: "#c8641e",
    Tone.THIRD: "#5b8c85",
    Tone.QUIET: "#9aa3ad",
    Tone.PALE: "#d3d9e0",
    Tone.INK: "#1c2127",
    Tone.GREEN: "#2f7d4f",
    Tone.YELLOW: "#d9a514",
    Tone.RED: "#b3362b",
}
TEXT, GRID = "#3c434b", "#e3e6ea"
WIDTH, HEIGHT = 4.7, 3.2  # inches; at 96 pixels an inch two fit side by side and one fills a phone
FEWEST_INCHES, FOOT, ROW = 1.9, 1.25, 0.26  # the least height, what the foot needs, and what one category needs
STYLE: Final = {
    "svg.fonttype": "none",  # text stays text: it can be searched, read aloud and set in the reader's own font
    "text.parse_math": False,
    "font.size": 9,
    "text.color": TEXT,
    "axes.edgecolor": TEXT,
    "axes.labelcolor": TEXT,
    "axes.linewidth": 0.7,
    "xtick.color": TEXT,
    "ytick.color": TEXT,
    "xtick.major.width": 0.7,
    "ytick.major.width": 0.7,
    "axes.axisbelow": True,
}
CHINESE: Final = (  # whichever of these the machine has draws the letters that matplotlib's own font lacks
    *("Noto Sans CJK SC", "Noto Sans CJK JP", "Noto Sans SC", "Source Han Sans SC", "PingFang SC"),
    *("Hiragino Sans GB", "Microsoft YaHei", "SimHei", "WenQuanYi Micro Hei"),
)
DOTS = 110  # an inch, on a notebook's screen
LETTERS_ABREAST = 54  # that fit along the foot; of more names every second, third, ... is written


def draw(chart: Chart, *, name: str) -> str:
    """Return the chart as one ``<svg>`` element that stands inside a page.

    The same chart gives the same bytes: identifiers are hashed with a salt of their own, and no date is written.

    Parameters
    ----------
    chart
        What to draw.
    name
        Prefix of the identifiers inside, unique on the page.

    Examples
    --------
    >>> from creditscore.reporting.charts import Axis, Chart, Line
    >>> flat = Line(x=[0, 1], y=[1, 1])
    >>> chart = Chart(title="Flat", description="A flat line.", x=Axis(label="x"), y=Axis(label="y"), layers=(flat,))
    >>> draw(chart, name="flat").startswith('<svg role="img" aria-labelledby="flat-title flat-description"')
    True
    """
    with mpl.rc_context({**STYLE, "svg.hashsalt": name}), warnings.catch_warnings():
        # The page's reader sets the text in a font of his own; which glyphs matplotlib's font lacks is no matter.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font", category=UserWarning)
        canvas = Canvas(figsize=(WIDTH, _height(chart)), layout="constrained")
        FigureCanvasSVG(canvas)
        _compose(canvas, chart)
        written = io.StringIO()
        canvas.savefig(written, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    return _inline(written.getvalue(), chart, name)


class Sheet(Canvas):
    """Several charts in one drawing, as matplotlib draws them; a notebook shows it by itself."""

    def _repr_png_(self) -> bytes:
        written = io.BytesIO()
        self.savefig(written, format="png", dpi=DOTS)
        return written.getvalue()


def sheet(charts: Sequence[Chart]) -> Sheet:
    """Return the charts side by side in one drawing; its ``savefig`` writes it in any format of matplotlib's."""
    with mpl.rc_context({**STYLE, "font.family": _families()}):
        canvas = Sheet(figsize=(WIDTH * len(charts), max(map(_height, charts))), layout="constrained")
        places = canvas.subfigures(1, len(charts), squeeze=False)[0]
        for place, chart in zip(places, charts, strict=True):
            _compose(place, chart)
            place.suptitle(chart.title, fontsize=10, x=0.02, ha="left")
    return canvas


def _families() -> list[str]:
    known = set(get_font_names())
    return [*mpl.rcParams["font.family"], *(name for name in CHINESE if name in known)]


def _height(chart: Chart) -> float:
    return max(FEWEST_INCHES, FOOT + ROW * len(chart.y.ticks)) if chart.y.ticks else HEIGHT


def _compose(canvas: FigureBase, chart: Chart) -> None:
    axes = canvas.add_subplot()
    for layer in chart.layers:
        _add(axes, layer, chart)
    _shape(axes, chart.x, lying=True)
    _shape(axes, chart.y, lying=False)
    axes.set_xlabel(chart.x.label)
    axes.set_title(chart.y.label, loc="left", fontsize=9, pad=8)
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(visible=True, axis="x" if chart.y.ticks else "y", color=GRID, linewidth=0.7)
    if chart.y.ticks:
        axes.invert_yaxis()
    handles, labels = axes.get_legend_handles_labels()
    if labels:
        canvas.legend(
            handles,
            labels,
            loc="outside lower left",
            ncols=3 if len(labels) > 4 else 2,  # noqa: PLR2004 - two rows at most
            frameon=False,
            handlelength=1.8,
        )


def _add(axes: Axes, layer: Line | Points | Bars, chart: Chart) -> None:
    x = np.asarray(layer.x, dtype=float)
    match layer:
        case Line():
            style = (0, (4, 2.5)) if layer.dashed else "-"
            axes.plot(
                x, _floored(layer.y, chart.y), color=INK[layer.tone], linestyle=style, linewidth=1.6, label=layer.label
            )
        case Bars():
            inks = [INK[tone] for tone in layer.tones] if layer.tones else INK[layer.tone]
            height = np.asarray(layer.height, dtype=float)
            if layer.along == "x":
                axes.barh(x, height, height=layer.width, color=inks, label=layer.label)
            else:
                axes.bar(x, height, width=layer.width, color=inks, label=layer.label)
        case Points():
            _add_points(axes, layer, chart)


def _add_points(axes: Axes, layer: Points, chart: Chart) -> None:
    x, y = _floored(layer.x, chart.x), _floored(layer.y, chart.y)
    ink = INK[layer.tone]
    if layer.low is not None and layer.high is not None:
        axis = chart.y if layer.along == "y" else chart.x
        low, high = _floored(layer.low, axis), _floored(layer.high, axis)
        lines = axes.vlines if layer.along == "y" else axes.hlines
        lines(x if layer.along == "y" else y, low, high, color=ink, linewidth=1.2, alpha=0.75)
    face = "white" if layer.hollow else ink
    axes.plot(
        x, y, "o", markersize=4.5, color=ink, markerfacecolor=face, label=layer.label, linestyle="none", clip_on=False
    )


def _floored(values: Sequence[float], axis: Axis) -> "np.ndarray[Any, np.dtype[np.float64]]":
    array = np.asarray(values, dtype=float)
    return np.maximum(array, axis.low) if axis.log and axis.low is not None else array


def _shape(axes: Axes, axis: Axis, *, lying: bool) -> None:
    """Set scale, limits and numbers of the axis along the foot (``lying``) or of the upright one."""
    drawn = axes.xaxis if lying else axes.yaxis
    if axis.log:
        (axes.set_xscale if lying else axes.set_yscale)("log")
        drawn.set_minor_formatter(NullFormatter())
    if axis.low is not None or axis.high is not None:
        (axes.set_xlim if lying else axes.set_ylim)(axis.low, axis.high)
    if axis.ticks is not None:
        _name_categories(axes, axis.ticks, lying=lying)
    elif axis.percent:
        drawn.set_major_formatter(FuncFormatter(_percent_tick))


def _name_categories(axes: Axes, names: Sequence[str], *, lying: bool) -> None:
    width = len(names) * (max(map(len, names), default=0) + 1)
    every = -(-width // LETTERS_ABREAST) if lying else 1
    places = range(0, len(names), max(every, 1))
    drawn = axes.xaxis if lying else axes.yaxis
    drawn.set_ticks(list(places), [names[place] for place in places])
    drawn.set_tick_params(length=0, pad=5)
    (axes.set_xlim if lying else axes.set_ylim)(-0.6, len(names) - 0.4)


def _percent_tick(value: float, _: int) -> str:
    return f"{100 * value:.4g} %"


def _inline(svg: str, chart: Chart, name: str) -> str:
    """Keep only the drawing, make its identifiers the page's own, and tell a screen reader what it shows."""
    body = svg[svg.index("<svg") :]
    body = re.sub(r"<metadata>.*?</metadata>", "", body, flags=re.DOTALL)
    body = re.sub(r"<style type=\"text/css\">.*?</style>", "", body, flags=re.DOTALL)
    body = re.sub(r"font-family: [^;\"]+; ?", "", body)  # the page's own font is inherited
    body = re.sub(r"<g id=\"[^\"]*\"", "<g", body)
    body = re.sub(r"(\bid=\"|url\(#|href=\"#)", rf"\g<1>{name}-", body)
    box = re.search(r'viewBox="([^"]+)"', body)
    head = (
        f'<svg role="img" aria-labelledby="{name}-title {name}-description" viewBox="{box[1] if box else ""}" '
        'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">'
        f'<title id="{name}-title">{escape(chart.title)}</title>'
        f'<desc id="{name}-description">{escape(chart.description)}</desc>'
    )
    return head + body[body.index(">") + 1 :].strip()

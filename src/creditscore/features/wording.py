"""What a feature is, in words: for the command line, for a notebook, for the catalogue page."""

from html import escape
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # a feature tells itself in these words
    from creditscore.features.definition import Feature

NEW_LINE, INDENTED = "\n", "\n" + " " * 14
DIRECTIONS = MappingProxyType({"rises": "risk rises with it", "falls": "risk falls with it", "either": "either way"})


def direction(feature: "Feature") -> str:
    """Return in words how risk moves with the feature."""
    return DIRECTIONS[feature.risk]


def explanation(feature: "Feature") -> tuple[tuple[str, str], ...]:
    """Return what there is to say of a feature: what is said, and how it is called."""
    return (
        ("what it is", feature.description),
        ("family", feature.family),
        ("unit", feature.unit),
        ("direction", direction(feature)),
        ("made from", feature.relation.__name__),
        ("reason", feature.reason.code),
        ("", feature.reason.en),
        ("", feature.reason.zh),
    )


def as_text(feature: "Feature") -> str:
    """Return the explanation as lines of text."""
    lines = [f"{name:<12}{said.replace(NEW_LINE, INDENTED)}" for name, said in explanation(feature)]
    return "\n".join([feature.name, *(f"  {line}" for line in lines)])


def as_html(feature: "Feature") -> str:
    """Return the explanation as a table."""
    rows = [f"<tr><th>{name}</th><td>{escape(said)}</td></tr>" for name, said in explanation(feature)]
    return f"<table><caption>{escape(feature.name)}</caption>{''.join(rows)}</table>"

"""The page that explains the simulation names each parameter with its value."""

from dataclasses import fields
from pathlib import Path

import pytest

from creditscore.book.simulation import Parameters

PAGE = Path(__file__).parents[4] / "docs" / "simulated_portfolio.md"


def settings():
    for group in fields(Parameters()):
        values = getattr(Parameters(), group.name)
        if not hasattr(values, "__dataclass_fields__"):
            yield group.name, values
            continue
        for field in fields(values):
            yield f"{group.name}.{field.name}", getattr(values, field.name)


def written(value):
    return "; ".join(written(part) for part in value) if isinstance(value, tuple) else f"{value}"


@pytest.mark.parametrize(("name", "value"), list(settings()), ids=[name for name, _ in settings()])
def test_the_page_states_each_parameter_as_it_is(name, value):
    assert f"| `{name}` | {written(value)} |" in PAGE.read_text("utf-8")

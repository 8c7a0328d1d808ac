"""The names that other people's code may import are pinned: removing one is a decision, not an accident."""

import importlib

import pytest

ROOMS = [
    "domain",
    "book",
    "accounts",
    "features",
    "outcomes",
    "models",
    "policy",
    "validation",
    "decisions",
    "scoring",
    "advice",
    "monitoring",
    "reporting",
]
MODULES = {**{room: f"creditscore.{room}" for room in ROOMS}, "client": "creditscore_client"}


def constants_then_classes_then_functions(name):
    return (not name.isupper(), not name[0].isupper(), name)


@pytest.mark.parametrize("room", MODULES)
def test_every_room_sorts_its_public_names_and_has_them(room):
    module = importlib.import_module(MODULES[room])
    assert list(module.__all__) == sorted(module.__all__, key=constants_then_classes_then_functions)
    assert all(hasattr(module, name) for name in module.__all__)


@pytest.mark.parametrize("room", MODULES)
def test_public_names_are_pinned(room, pinned_names):
    module = importlib.import_module(MODULES[room])
    assert list(module.__all__) == pinned_names[room]

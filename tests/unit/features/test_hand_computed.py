"""Every feature of the catalogue is computed by hand in some test beside this one."""

import ast
from pathlib import Path

import pytest

from creditscore.features import catalogue

# These test how features are made, listed and loaded, not what they come to.
NOT_BY_HAND = {"test_catalogue.py", "test_engine.py", "test_hand_computed.py", "test_loading.py"}
MODULES = [path for path in sorted(Path(__file__).parent.glob("test_*.py")) if path.name not in NOT_BY_HAND]


def compares(test):
    """Tell whether a test asserts that something equals something else."""
    asserted = [node.test for node in ast.walk(test) if isinstance(node, ast.Assert)]
    return any(isinstance(part, ast.Compare) and isinstance(part.ops[0], ast.Eq) for part in asserted)


def words(source):
    """Return the texts in those tests of a module that compare."""
    tests = [node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)]
    wanted = [test for test in tests if test.name.startswith("test_") and compares(test)]
    nodes = [node for test in wanted for node in ast.walk(test)]
    return {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}


TOLD = set().union(*(words(path.read_text("utf-8")) for path in MODULES))


@pytest.mark.parametrize("name", [one.name for one in catalogue()])
def test_each_feature_is_computed_by_hand(name):
    assert name in TOLD


def test_a_name_outside_a_comparison_is_no_computation():
    assert words('def test_a():\n    assert f("x") == 1\n') == {"x"}
    assert words('def test_a():\n    f("x")\n') == set()
    assert words('def a():\n    assert f("x") == 1\n') == set()

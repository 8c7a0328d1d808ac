"""What ``creditscore policy`` says of files, and that a file it refuses is refused with its line."""

import json

import pytest
import typer
from typer.testing import CliRunner

from creditscore.cli.policy import register
from creditscore.errors import PolicyError
from creditscore.policy import approval_page, policy_schema


@pytest.fixture
def ask():
    app = typer.Typer()
    register(app)

    def run(*words):
        result = CliRunner().invoke(app, ["policy", *map(str, words)])
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result.output

    return run


def test_a_sound_file_is_told_by_version_and_hash(ask, policy, with_change):
    said = f"Policy 2026.1, hash {policy.hash[:12]}: sound."
    assert ask("check", "shipped").strip() == said
    assert ask("check", with_change(["version"], "2026.1")).strip() == said


def test_a_broken_file_is_refused_with_its_line(ask, with_change):
    with pytest.raises(PolicyError, match=r"line \d+ of policy 'policy.yaml'.colours \(ColourBands\)"):
        ask("check", with_change(["colours", "green"], 55))


def test_a_file_that_is_not_there_is_no_shipped_policy(ask, tmp_path):
    with pytest.raises(PolicyError, match="There is no such file"):
        ask("check", tmp_path / "policy.yaml")


def test_differences_are_shown_with_their_keys_whole(ask, with_change):
    said = ask("diff", "shipped", with_change(["master_scale", "grades", 3, "upper_default_probability"], 0.004))
    assert "master_scale.grades[3].upper_default_probability" in said
    assert "0.0035" in said
    assert "0.004" in said
    assert "1 values differ" not in said
    assert "1 value differs: 2026.1" in said


def test_policies_that_decide_alike_have_no_differences(ask, with_change):
    said = ask("diff", "shipped", with_change(["version"], "2026.1"))
    assert said.startswith("0 values differ")


def test_files_that_differ_under_one_version_are_told_so(ask, with_change):
    assert "Both call themselves the same version" in ask("diff", "shipped", with_change(["reserve", "red"], 0.2))


def test_the_schema_is_printed_as_json(ask):
    assert json.loads(ask("schema")) == policy_schema()


def test_the_table_of_gradings_is_printed(ask, policy):
    assert ask("table", "shipped").strip() == approval_page(policy)

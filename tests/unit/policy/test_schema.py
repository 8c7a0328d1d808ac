import jsonschema
import pytest
import yaml

from creditscore.errors import PolicyError
from creditscore.policy import load_policy, policy_schema
from creditscore.policy.policy import SHIPPED


def answer(content):
    return list(jsonschema.Draft202012Validator(policy_schema()).iter_errors(content))


def test_the_schema_is_one_and_the_shipped_policy_answers_it():
    jsonschema.Draft202012Validator.check_schema(policy_schema())
    assert answer(yaml.safe_load(SHIPPED.read_text("utf-8"))) == []


@pytest.mark.parametrize(
    ("keys", "value"),
    [
        (["colours", "green"], "eighty"),
        (["actions", "yellow", "max_term_days"], 30.5),
        (["master_scale", "grades"], "A1 to E3"),
        (["reserve", "top_up_on_downgrade"], "yes please"),
        (["approval", "industry_risks", "high", 0], 3),
        (["approval", "rules", 3, "route"], "express"),
        (["targets"], None),
        (["unheard_of"], 1),
    ],
)
def test_what_the_schema_refuses_the_loader_refuses_too(with_change, keys, value):
    path = with_change(keys, value)
    assert len(answer(yaml.safe_load(path.read_text("utf-8")))) == 1
    with pytest.raises(PolicyError):
        load_policy(path)


def test_an_open_grade_and_an_unlimited_term_may_be_null(with_change):
    path = with_change(["actions", "green", "max_term_days"], None)
    assert answer(yaml.safe_load(path.read_text("utf-8"))) == []


def test_editors_are_told_what_a_number_means():
    reserve = policy_schema()["properties"]["reserve"]
    assert "basis points" in reserve["properties"]["red"]["description"]
    assert reserve["properties"]["red"]["description"] == reserve["properties"]["green"]["description"]
    assert reserve["required"] == ["green", "yellow", "red", "top_up_on_downgrade", "release_after_days"]

from pathlib import Path

from creditscore.policy import approval_page

PAGE = Path(__file__).parents[2] / "docs" / "approval.md"


def test_the_printed_table_is_that_of_the_shipped_policy(policy):
    printed = [
        line for line in PAGE.read_text("utf-8").partition("## The grading table")[2].splitlines() if "|" in line
    ]
    assert printed == approval_page(policy).splitlines()

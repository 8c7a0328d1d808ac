"""Each customer's account as of a day, read from the book: what is owed, what was granted, who belongs together."""

from creditscore.accounts.account import Accounts, accounts_of
from creditscore.accounts.customers import histories, segments
from creditscore.accounts.limits import limits_in_force
from creditscore.accounts.links import affiliations
from creditscore.accounts.receivables import ageing, open_receivables, sales_between
from creditscore.accounts.totals import open_totals, sales_totals

__all__ = [
    "Accounts",
    "accounts_of",
    "affiliations",
    "ageing",
    "histories",
    "limits_in_force",
    "open_receivables",
    "open_totals",
    "sales_between",
    "sales_totals",
    "segments",
]

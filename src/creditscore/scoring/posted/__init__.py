"""Customers whose facts are given and need not be in the book: judged as ingest does, turned into snapshot rows."""

from creditscore.scoring.posted.customers import POSTED_TABLES, PostedCustomer, judged_customers
from creditscore.scoring.posted.rows import PostedRows

__all__ = ["POSTED_TABLES", "PostedCustomer", "PostedRows", "judged_customers"]

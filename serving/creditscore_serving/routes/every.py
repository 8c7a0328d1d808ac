"""Every endpoint, the most asked one first."""

from creditscore_serving.routes import asked, decided, rows, scores

OPERATIONS = (*scores.OPERATIONS, *rows.OPERATIONS, *decided.OPERATIONS, *asked.OPERATIONS)

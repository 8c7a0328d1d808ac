"""Every endpoint, the most asked one first."""

from creditscore_serving.routes import asked, decided, facts, rows, scores

OPERATIONS = (*scores.OPERATIONS, *rows.OPERATIONS, *facts.OPERATIONS, *decided.OPERATIONS, *asked.OPERATIONS)

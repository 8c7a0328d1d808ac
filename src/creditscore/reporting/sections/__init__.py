"""One module a subject; each computes tables, answers and what to draw, and none of them draws."""

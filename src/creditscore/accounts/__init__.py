"""Each customer's account as of a day, read from the book: what is owed, what was granted, who belongs together."""

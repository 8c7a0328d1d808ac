"""What stands between a source in somebody else's format and the book: read, shape, conform, merge, quarantine."""

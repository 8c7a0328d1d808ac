"""The scoring desk: answers from the library's own code, with no arithmetic and no framework."""

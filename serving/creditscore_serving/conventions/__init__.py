"""What client developers know from elsewhere: problem documents, cursors, entity tags, request ids, limits of load."""

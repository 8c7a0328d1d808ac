"""The endpoints, one file a resource: each takes a question and gives what the desk says."""

"""What goes over the wire, in the words of the trade; validated by Pydantic, described by OpenAPI."""

"""The shipped recipes: one module each, with a ``RECIPE`` to copy and edit."""

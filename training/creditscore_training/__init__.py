"""Training: recipes and pipelines."""

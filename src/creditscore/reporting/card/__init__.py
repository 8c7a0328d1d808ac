"""The model card: what a bundle is, how good it is, where it must not be used, who appointed it, and what changed."""

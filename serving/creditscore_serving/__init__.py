"""The scoring service: daily scores by customer, and scores for posted snapshot rows, over HTTP."""

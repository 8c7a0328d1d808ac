"""From scores to decisions that can be defended: governed colours, limits, reserves, alerts, applications."""

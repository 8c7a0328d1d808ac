"""What a competent user would write instead of the feature engine, and what measures and checks all of it."""

"""What the forests learn from and are judged on, and the files that hand it from process to process."""

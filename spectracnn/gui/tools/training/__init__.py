"""Train a network, and watch its filters learn."""

"""What is open, what is chosen, and which request each makes. No Qt, no Keras."""

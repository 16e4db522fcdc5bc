"""Layers of a person's own making: what they are, what they compute, and their Keras code."""

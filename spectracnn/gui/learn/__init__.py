"""Lessons and the layer lab."""

"""Filters of the real network that can be held and changed."""

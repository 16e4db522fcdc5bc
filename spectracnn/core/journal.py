"""Widths that journals print figures in; light, because settings are read before the splash."""

JOURNAL_MM = {"column": 89, "page": 183}
"""How high figures are is up to their contents."""

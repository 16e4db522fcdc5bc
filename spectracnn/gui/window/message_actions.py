"""Keys of what the buttons in the message bar do."""

from __future__ import annotations

EDIT_CARD = "card"
"""Opens the dialog about the model's card."""

"""Keys of what the buttons in the message bar do."""

from __future__ import annotations

EDIT_CARD = "card"
"""Opens the dialog about the model's card."""

OPEN_ANYWAY = "anyway"
"""Opens what was refused because it is plainly no spectrum; followed by a colon and which."""

PARTICIPANTS = "participants"
"""Shows what a table of participants has to do with the open spectra; its path behind a colon."""

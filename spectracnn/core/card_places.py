"""Where cards lie: beside the model, or in the user's settings where that cannot be written."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from spectracnn.core.card_file import card_path, write_card
from spectracnn.errors import ExportError

if TYPE_CHECKING:
    from spectracnn.core.card import ModelCard


def user_card_folder() -> Path:
    """Return the folder of the user's own cards; it need not exist.

    Found without Qt, because the engine process and the command line look there too.
    """
    if sys.platform == "win32":
        base = os.environ.get("APPDATA") or Path.home() / "AppData" / "Roaming"
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Application Support"
    else:
        base = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(base, "SpectraCNN", "cards")


def user_card_path(model_sha256: str) -> Path:
    """Return where the user's own card of a model lies: by its content, not its name."""
    return user_card_folder() / f"{model_sha256}.card.json"


def save_card(card: ModelCard, model: Path) -> Path:
    """Write a card beside its model, or into the user's folder where that cannot be written.

    Parameters
    ----------
    card : ModelCard
        With the model's SHA-256.
    model : Path
        The model's file.

    Returns
    -------
    Path
        Where the card lies now; it is found there when the model is opened.

    Raises
    ------
    ExportError
        If neither place can be written.
    """
    own = user_card_path(card.model_sha256)
    try:
        write_card(card, card_path(model))
    except ExportError:
        try:
            own.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ExportError(f"{own.parent}: cannot be made ({error.strerror}).") from error
        write_card(card, own)
        return own
    # The user's own card goes before the one beside the model; an older one must not hide this.
    own.unlink(missing_ok=True)
    return card_path(model)

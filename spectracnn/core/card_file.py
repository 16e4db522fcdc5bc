"""Card files: ``NAME.card.json`` beside ``NAME.keras``."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from spectracnn.core.atomic import atomic_path
from spectracnn.core.card import ModelCard
from spectracnn.core.regular import open_regular, read_regular
from spectracnn.errors import CardError

if TYPE_CHECKING:
    from pathlib import Path


MOST_BYTES = 16 << 20
"""The largest card; real ones have a few thousand bytes."""


def card_path(model: Path) -> Path:
    """Return where the card of a model file lies: ``NAME.card.json`` beside ``NAME.keras``."""
    return model.with_name(f"{model.stem}.card.json")


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, in hex."""
    with open_regular(path) as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def read_card(path: Path) -> ModelCard:
    """Read a card file.

    Raises
    ------
    CardError
        If it cannot be read; the sentence names the file and what is wrong.
    """
    try:
        record = json.loads(read_regular(path, MOST_BYTES).decode("utf-8"))
    except OSError as error:
        reason = error.strerror or error
        raise CardError(f"{path.name}: the card cannot be read ({reason}).") from error
    except (ValueError, RecursionError) as error:
        raise CardError(f"{path.name}: the card is not valid JSON ({error}).") from error
    try:
        return ModelCard.from_json(record)
    except CardError as error:
        raise CardError(f"{path.name}: {error.message}") from error


def write_card(card: ModelCard, path: Path) -> None:
    """Write a card file; whoever reads meanwhile sees the old one or the new one.

    Raises
    ------
    ExportError
        If it cannot be written.
    """
    text = json.dumps(card.to_json(), indent=2, ensure_ascii=False) + "\n"
    with atomic_path(path) as temporary:
        temporary.write_text(text, encoding="utf-8")

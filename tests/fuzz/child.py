"""Opens one file after the other, in a process with limits, and says what came of it."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spectracnn.errors import SpectraCNNError
from spectracnn.jobs.limits import limited_memory

if TYPE_CHECKING:
    from collections.abc import Callable

FREE_BYTES = 200 << 20
_LONGEST = 1500


def make_opener() -> Callable[[Any, Any], tuple[str, str]]:
    """Return what opens a file; all that it needs is imported here."""
    from spectracnn import io
    from spectracnn.core.card_file import read_card
    from spectracnn.nn.model_file import read_model_file
    from spectracnn.resources import default_model

    warnings.simplefilter("error")
    io.read_text("0 1 2 3")
    read_model_file(default_model())

    def open_file(path: str) -> None:
        if path.endswith(".card.json"):
            read_card(Path(path))
        elif path.endswith((".keras", ".model.h5")):
            with read_model_file(Path(path)).for_keras():
                pass
        else:
            io.is_model(Path(path))
            for spectrum in io.read_file(path).spectra:
                spectrum.flags.names()

    def work(path: str, reporter: Any) -> tuple[str, str]:
        size = Path(path).stat().st_size
        try:
            with limited_memory(10 * size + FREE_BYTES):
                open_file(path)
        except SpectraCNNError as error:
            return judged(error)
        except Exception as error:  # noqa: BLE001  (that is what is looked for)
            return "exception", f"{type(error).__name__}: {error}"[:300]
        return "value", ""

    return work


def judged(error: SpectraCNNError) -> tuple[str, str]:
    """Return ``sentence``, or what is wrong with this one."""
    lines = [str(error), error.hint, getattr(error, "sentence", "")]
    if not all(line.isprintable() for line in lines if line):
        return "control character", repr(lines)[:300]
    if max(map(len, lines)) > _LONGEST:
        return "long sentence", str(max(map(len, lines)))
    if "MemoryError" in lines[0]:
        return "memory", lines[0]
    return "sentence", lines[0]

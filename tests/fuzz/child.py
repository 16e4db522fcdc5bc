"""Opens one file after the other, in a process with limits, and says what came of it."""

from __future__ import annotations

import warnings
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spectracnn.errors import SpectraCNNError
from spectracnn.jobs.limits import limited_memory

if TYPE_CHECKING:
    from collections.abc import Callable

FREE_BYTES = 200 << 20
_LONGEST = 1500


def make_opener(load: bool = False) -> Callable[[Any, Any], tuple[str, str]]:
    """Return what opens a file; all that it needs is imported here.

    Parameters
    ----------
    load : bool
        Whether models are built with Keras and run once, as the engine does, and not only judged.
    """
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
        elif path.endswith((".keras", ".model.h5")) and load:
            _run_model(Path(path))
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
            # The memory of a model is limited by what opens it.
            with nullcontext() if load else limited_memory(10 * size + FREE_BYTES):
                open_file(path)
        except SpectraCNNError as error:
            return judged(error)
        except Exception as error:  # noqa: BLE001  (that is what is looked for)
            return "exception", f"{type(error).__name__}: {error}"[:300]
        return "value", ""

    return work


def _run_model(path: Path) -> None:
    """Open a model, describe it, and trace and explain one spectrum."""
    import numpy as np

    from spectracnn.core.spectrum import Spectrum
    from spectracnn.nn.loading import open_model

    network = open_model(path, length=40)
    values = np.concatenate([[0.0], np.cumsum(np.linspace(1, 2, 120))])
    network.trace(Spectrum("a", values, area=1.0))


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

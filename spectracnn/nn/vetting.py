"""Looks into a model file in a process of its own: libhdf5 hangs or crashes on damaged ones.

There every weight is read once, as Keras will read it. What hangs, crashes or fills the memory does
so there, and costs a sentence instead of the engine or the command.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spectracnn.errors import ModelError
from spectracnn.io.hdf5_child import limit_processor
from spectracnn.jobs.errors import (
    ChildEndedError,
    ChildOutOfMemoryError,
    ChildOverdueError,
    UnexpectedError,
)
from spectracnn.jobs.limits import Limits, limited_memory
from spectracnn.jobs.worker import Worker
from spectracnn.nn.look_inside import look_inside
from spectracnn.resources import resource_root

if TYPE_CHECKING:
    from collections.abc import Callable

SECONDS = 5
"""Seconds of the processor, beside those for the size of the file."""

_BYTES_A_SECOND = 20 << 20
_FREE_BYTES = 200 << 20
_CLOCK_SECONDS = 100.0


@dataclass(frozen=True)
class Vet:
    """A request: look into a model file.

    Parameters
    ----------
    path : str
        The file.
    size : int
        Its bytes.
    """

    path: str
    size: int


def make_vetter() -> Callable[[Vet, Any], tuple[str, Any, Any]]:
    """Return what does the requests, in the child."""
    import h5py

    h5py.get_config()

    def work(request: Vet, reporter: Any) -> tuple[str, Any, Any]:
        limit_processor(SECONDS + request.size // _BYTES_A_SECOND)
        try:
            with limited_memory(10 * request.size + _FREE_BYTES):
                return look_inside(Path(request.path), read=True)
        finally:
            limit_processor(None)

    return work


_worker = Worker(make_vetter, limits=Limits(seconds=_CLOCK_SECONDS), name="SpectraCNN model reader")


def warm_up(path: Path) -> None:
    """Start the child, if this file needs it, so that it is ready once Keras is."""
    if not _is_own(path):
        _worker.warm_up()


def vetted(path: Path) -> tuple[str, Any, Any]:
    """Return what :func:`spectracnn.nn.look_inside.look_inside` finds, by way of the child.

    Raises
    ------
    ModelError
        If the file is no model, is damaged, or makes its reader hang or crash.
    """
    if _is_own(path):
        return look_inside(path)
    try:
        found: tuple[str, Any, Any] = _worker.request(Vet(str(path), path.stat().st_size))
    except ChildOverdueError as error:
        raise ModelError("Reading its weights hangs, so the file is damaged.") from error
    except ChildEndedError as error:
        hangs = "SIGXCPU" in error.how
        what = "hangs" if hangs else f"stops its reader ({error.how})"
        raise ModelError(f"Reading its weights {what}, so the file is damaged.") from error
    except ChildOutOfMemoryError as error:
        raise ModelError("Its weights unpack to more than memory allows for its size.") from error
    except UnexpectedError as error:
        raise ModelError(f"The file is damaged ({error.kind}: {error.text[:80]}).") from error
    return found


def _is_own(path: Path) -> bool:
    """Whether it came with the program."""
    return path.resolve().is_relative_to(resource_root().resolve())

"""What to say when the engine process fails a request."""

from __future__ import annotations

import time
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from spectracnn.engine.messages import OpenModel
from spectracnn.errors import EngineError, ModelError, SpectraCNNError
from spectracnn.jobs.errors import ChildOutOfMemoryError, UnexpectedError

if TYPE_CHECKING:
    from spectracnn.engine.messages import Request

REOPEN = "Open a model to start it again."


def as_error(error: Any) -> SpectraCNNError:
    """Return what the process sent as an error, in the engine's words."""
    if isinstance(error, UnexpectedError):
        described = EngineError(f"The network could not be run: {error.text}")
        described.details = error.details
        return described
    if isinstance(error, ChildOutOfMemoryError):
        return EngineError("The network could not be run: there is not enough memory.")
    return error if isinstance(error, SpectraCNNError) else EngineError(str(error))


def deadline(request: Request) -> float | None:
    """Return when, on the monotonic clock, a request that begins now has taken too long."""
    limit = request.time_limit if isinstance(request, OpenModel) else None
    return None if limit is None else time.monotonic() + limit


def crash_sentence(how: str) -> str:
    """Return the sentence about a process that ended by itself."""
    return f"The engine stopped unexpectedly ({how}); it was restarted."


def crash_error(request: Request, how: str) -> SpectraCNNError:
    """Return the error of the request during which the process ended."""
    if not isinstance(request, OpenModel):
        return EngineError(crash_sentence(how))
    return ModelError(
        f"{PurePath(request.path).name}: the engine stopped unexpectedly ({how}) while opening "
        "it; it was restarted.",
        "The file may be damaged, or need more memory than there is.",
    )


def overdue_error(request: OpenModel) -> SpectraCNNError:
    """Return the error of a model that takes too long to open."""
    return ModelError(
        f"{PurePath(request.path).name}: opening took longer than {request.time_limit:g} s; "
        "it was stopped.",
        "Raise the time limit for models if you trust the file.",
    )

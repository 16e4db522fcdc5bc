"""Atomic writes: the old file or the whole new one, never a half."""

from __future__ import annotations

import os
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from spectracnn.errors import ExportError

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def atomic_path(target: Path) -> Iterator[Path]:
    """Give a temporary path beside the target; move it there if the block succeeds.

    The temporary name keeps the target's suffix, because many writers choose the format by it.

    Parameters
    ----------
    target : Path
        The file to write. Its folder must exist.

    Yields
    ------
    Path
        A new empty file in the same folder.

    Raises
    ------
    ExportError
        If the file cannot be written; nothing is left behind, and an older target stays.
    """
    try:
        handle, name = tempfile.mkstemp(
            prefix=f".{target.stem}.", suffix=f".part{target.suffix}", dir=target.parent
        )
        os.close(handle)
    except OSError as error:
        raise ExportError(f"{target}: cannot be written ({error.strerror}).") from error
    temporary = Path(name)
    try:
        yield temporary
        # mkstemp makes files private; an export should have the ordinary permissions.
        umask = os.umask(0)
        os.umask(umask)
        temporary.chmod(0o666 & ~umask)
        os.replace(temporary, target)
    except OSError as error:
        raise ExportError(f"{target}: cannot be written ({error.strerror or error}).") from error
    finally:
        temporary.unlink(missing_ok=True)

"""Atomic writes: the old file or the whole new one, never a half."""

from __future__ import annotations

import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from spectracnn.core.leftovers import clear_leftovers, new_part
from spectracnn.core.regular import require_file_or_nothing
from spectracnn.errors import ExportError

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def atomic_path(target: Path) -> Iterator[Path]:
    """Give a temporary path beside the target; move it there if the block succeeds.

    The temporary name keeps the target's suffix, because many writers choose the format by it.
    What writers that were killed have left in the folder is removed first.

    Parameters
    ----------
    target : Path
        The file to write. Its folder must exist. A link is followed, and stays.

    Yields
    ------
    Path
        A new empty file in the same folder.

    Raises
    ------
    ExportError
        If the file cannot be written, or the target is a folder, a pipe or a device; nothing is
        left behind, and an older target stays.
    """
    try:
        require_file_or_nothing(target)
        final = Path(os.path.realpath(target)) if target.is_symlink() else target
        clear_leftovers(final.parent)
        temporary = new_part(final)
    except (OSError, ValueError) as error:
        raise ExportError(f"{target}: cannot be written ({_reason(error)}).") from error
    try:
        yield temporary
        # New parts are private; an export should have the ordinary permissions.
        umask = os.umask(0)
        os.umask(umask)
        temporary.chmod(0o666 & ~umask)
        require_file_or_nothing(final)
        os.replace(temporary, final)
    except OSError as error:
        raise ExportError(f"{target}: cannot be written ({_reason(error)}).") from error
    finally:
        temporary.unlink(missing_ok=True)


def _reason(error: OSError | ValueError) -> str:
    return str(getattr(error, "strerror", None) or error)

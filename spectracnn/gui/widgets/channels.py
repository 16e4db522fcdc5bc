"""Channel lists as people write them: ``0-3, 7``."""

from __future__ import annotations


def parse_channels(text: str, count: int) -> tuple[int, ...] | None:
    """Read a list of channels.

    Parameters
    ----------
    text : str
        Numbers and ranges, separated by commas or blanks.
    count : int
        How many channels there are; larger numbers are left out.

    Returns
    -------
    tuple of int or None
        Ascending, each once; empty for an empty text; None if it cannot be understood.

    Examples
    --------
    >>> parse_channels("7, 0-2", 32)
    (0, 1, 2, 7)
    """
    chosen: set[int] = set()
    for part in text.replace("\u2013", "-").replace(",", " ").split():
        first, dash, last = part.partition("-")
        if not first.isdecimal() or (dash and not last.isdecimal()):
            return None
        chosen.update(range(int(first), min(int(last) if dash else int(first), count - 1) + 1))
    return tuple(sorted(chosen))


def format_channels(channels: tuple[int, ...]) -> str:
    """Write a list of channels, with ranges.

    Examples
    --------
    >>> format_channels((0, 1, 2, 7))
    '0-2, 7'
    """
    parts: list[str] = []
    run: list[int] = []
    for channel in (*channels, None):
        if run and channel != run[-1] + 1:
            parts.append(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}")
            run = []
        if channel is not None:
            run.append(channel)
    return ", ".join(parts)

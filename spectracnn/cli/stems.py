"""Names of files made of names of spectra."""

from __future__ import annotations

import re

_UNSAFE = re.compile(r"[^\w.\-]+")
_LONGEST = 80


def unique_stem(name: str, taken: set[str]) -> str:
    """Return a file name's stem that any system takes, and that was not returned before.

    Examples
    --------
    >>> taken = set()
    >>> [unique_stem(name, taken) for name in ("lh/white", "lh white", "LH_white", "..")]
    ['lh_white', 'lh_white-2', 'LH_white-3', 'spectrum']
    """
    stem = _UNSAFE.sub("_", name).strip("._ ")[:_LONGEST].rstrip("._ ") or "spectrum"
    if stem.lower() in {"con", "prn", "aux", "nul"}:
        stem = f"{stem}_"
    candidate, count = stem, 1
    # Some systems do not tell capitals apart.
    while candidate.casefold() in taken:
        count += 1
        candidate = f"{stem}-{count}"
    taken.add(candidate.casefold())
    return candidate

"""Names of layers: any text in the file and in the window, a scope's name where TensorFlow runs.

TensorFlow uses the names of layers as names of scopes, and ends with an error where one has a blank
or an accent, or with gigabytes where it has a hundred thousand letters.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from spectracnn.printable import shortened

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST = 200
"""Letters of a layer's name in the window and in files."""

_SCOPE = re.compile(r"[A-Za-z0-9.][A-Za-z0-9_.>-]{0,99}")
_KEPT = "_spectracnn_name"


def make_runnable(model: Any) -> None:
    """Give layers whose names are no names of scopes others; what they are called is kept.

    Parameters
    ----------
    model : keras.Model
        Changed in place, with all that is nested in it.
    """
    for place, operation in enumerate(_operations(model)):
        name = str(operation.name)
        if not _SCOPE.fullmatch(name):
            setattr(operation, _KEPT, name)
            operation.name = f"layer_{place}"


def shown_name(layer: Any) -> str:
    """Return what a layer is called in its file, shortened where it is very long."""
    return shortened(str(getattr(layer, _KEPT, layer.name)), MOST)


def _operations(model: Any) -> Iterator[Any]:
    """Give the model and everything in it, each once."""
    seen: set[int] = set()
    waiting = [model]
    while waiting:
        item = waiting.pop()
        if id(item) in seen:
            continue
        seen.add(id(item))
        yield item
        # Wrappers keep their layers among `_layers`; operations that are no layers stand apart.
        waiting += [*getattr(item, "_layers", ()), *getattr(item, "_operations", ())]

"""Weights of ``.keras`` files of Keras 2, put where Keras 3 looks for them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    import h5py

_OLD = "_layer_checkpoint_dependencies"
_NUMBERED = re.compile(r"(.*?)(?:_(\d+))?")


def are_misplaced(store: h5py.Group) -> bool:
    """Whether Keras 3 would not find weights that are there.

    Keras 2.15 on Windows parted paths by backslashes; Keras 2.12 and 2.13 called the list of
    layers otherwise, and counted each layer twice.
    """
    return _OLD in store or any("\\" in name for name in store)


def put_in_place(weights: Path) -> None:
    """Rename the groups of a file of weights as Keras 3 names them.

    Parameters
    ----------
    weights : Path
        An HDF5 file, changed in place.
    """
    import h5py

    with h5py.File(weights, "r+") as store:
        for name in sorted(store, key=len):
            if "\\" in name:
                _move(store, name, name.replace("\\", "/"))
        _rename(store)


def _move(store: h5py.Group, old: str, new: str) -> None:
    """Move a group, into one of that name if there is one."""
    if new not in store:
        store.move(old, new)
        return
    for name in list(store[old]):
        _move(store, f"{old}/{name}", f"{new}/{name}")
    del store[old]


def _rename(group: h5py.Group) -> None:
    """Call lists of layers ``layers``, and count each layer once; so in nested models too."""
    import h5py

    if _OLD in group:
        group.move(_OLD, "layers")
        counts: dict[str, list[int]] = {}
        for name in group["layers"]:
            base, number = _parts(name)
            counts.setdefault(base, []).append(number)
        for base, numbers in counts.items():
            for place, number in enumerate(sorted(numbers)):
                if place != number:
                    group.move(f"layers/{_name(base, number)}", f"layers/{_name(base, place)}")
    for name in group:
        if isinstance(group[name], h5py.Group):
            _rename(group[name])


def _parts(name: str) -> tuple[str, int]:
    found = _NUMBERED.fullmatch(name)
    assert found is not None
    return found[1], int(found[2] or 0)


def _name(base: str, number: int) -> str:
    return f"{base}_{number}" if number else base

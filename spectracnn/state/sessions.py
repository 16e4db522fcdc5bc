"""Workspace files: what is open, in one JSON file that names the files it was read from."""

from __future__ import annotations

import json
import re
from dataclasses import fields, replace
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import TYPE_CHECKING

from spectracnn.core.atomic import atomic_path
from spectracnn.core.regular import read_regular
from spectracnn.core.spectrum import Spectrum
from spectracnn.resources import resource_root
from spectracnn.state.saving import (
    SavedEntry,
    SavedModel,
    SavedSpectrum,
    SavedStateError,
    SavedTable,
    SavedWorkspace,
    from_json,
    to_json,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from spectracnn.core.trace import ModelDescription
    from spectracnn.state.document import Document
    from spectracnn.state.selection import Selection
    from spectracnn.state.tools import ToolChoices

SUFFIX = ".spectracnn"
"""Of workspace files."""

MOST_VALUES = 2_000_000
"""Of spectra that have no file, together: what is written stays below about 50 MB."""
_MOST_BYTES = 256 << 20
_BUNDLED = "bundled:"
_ITSELF = tuple(item.name for item in fields(SavedSpectrum))


def saved_workspace(
    document: Document, selection: Selection, choices: ToolChoices
) -> SavedWorkspace:
    """Return what is saved of what is open: where spectra were read, and those without a file.

    Of spectra without a file, such as pasted ones, those are left out that would make the file
    larger than it may be.
    """
    entries = []
    room = MOST_VALUES
    for entry in document.entries:
        spectrum = entry.original or entry.spectrum
        if spectrum.source is not None:
            path = str(Path(spectrum.source).absolute())
            entries.append(SavedEntry(entry.id, path, spectrum.name, spectrum.key, entry.edits))
        elif len(spectrum) <= room:
            room -= len(spectrum)
            itself = SavedSpectrum(**{name: getattr(spectrum, name) for name in _ITSELF})
            entries.append(
                SavedEntry(entry.id, "", spectrum.name, spectrum.key, entry.edits, itself)
            )
    kept = {entry.id: entry.id for entry in entries}
    model, table = document.model, document.participants
    saved = SavedWorkspace(
        tuple(entries),
        None if model is None else _saved_model(model),
        tuple(_saved_model(other.model) for other in document.others),
        replace(selection, hovered=None),
        choices,
        MappingProxyType(dict(document.labels)),
        None if table is None else SavedTable(str(table.table.path.absolute()), table.id_column),
    )
    return with_ids(saved, kept)


def spectrum_of(entry: SavedEntry) -> Spectrum:
    """Return a spectrum that was saved itself, because it has no file."""
    assert entry.spectrum is not None
    itself = {name: getattr(entry.spectrum, name) for name in _ITSELF}
    return Spectrum(entry.name, key=entry.key, **itself)


def _saved_model(model: ModelDescription) -> SavedModel:
    return SavedModel(str(Path(model.path).absolute()), model.sha256)


def with_ids(saved: SavedWorkspace, ids: Mapping[int, int]) -> SavedWorkspace:
    """Return a saved workspace whose entries have other numbers; those without one are left out.

    Parameters
    ----------
    saved : SavedWorkspace
        As it was saved.
    ids : mapping of int to int
        The new number of each entry.
    """
    selection, choices = saved.selection, saved.choices
    current = None if selection.current is None else ids.get(selection.current)
    overlaid = frozenset(ids[item] for item in selection.overlaid if item in ids)
    compare = replace(
        choices.compare,
        first=_with_id(choices.compare.first, ids),
        second=_with_id(choices.compare.second, ids),
    )
    what_if, shape = choices.what_if, choices.shape
    choices = replace(
        choices,
        compare=compare,
        what_if=replace(what_if, other=_other(what_if.other, ids)),
        shape=replace(
            shape,
            beside=_other(shape.beside, ids),
            meshes=MappingProxyType({ids[k]: v for k, v in shape.meshes.items() if k in ids}),
        ),
    )
    return replace(
        saved,
        entries=tuple(replace(e, id=ids[e.id]) for e in saved.entries if e.id in ids),
        selection=replace(selection, current=current, overlaid=overlaid),
        choices=choices,
        labels=MappingProxyType({ids[k]: v for k, v in saved.labels.items() if k in ids}),
    )


def within_layers(selection: Selection, layers: int) -> Selection:
    """Return a selection without what is about layers that a model of so many has not."""
    pinned = selection.pinned
    return replace(
        selection,
        hovered=None,
        pinned=pinned if pinned is not None and pinned.layer < layers else None,
        layers=MappingProxyType({k: v for k, v in selection.layers.items() if k < layers}),
        muted=frozenset(one for one in selection.muted if one[0] < layers),
        weight_edits=tuple(one for one in selection.weight_edits if one.layer < layers),
    )


def _other(item: int | None, ids: Mapping[int, int]) -> int | None:
    return None if item is None else ids.get(item)


def _with_id(side: str | None, ids: Mapping[int, int]) -> str | None:
    """Return a side of a comparison; None where its one entry is gone."""
    found = re.fullmatch(r"entry (\d{1,18})", side or "")
    if found is None:
        return side
    new = ids.get(int(found[1]))
    return None if new is None else f"entry {new}"


def write_workspace(saved: SavedWorkspace, path: Path) -> None:
    """Write a workspace file; files in its folder are named relative to it, so that both can move.

    Raises
    ------
    ExportError
        If it cannot be written.
    """
    write_text(workspace_text(saved, path.absolute().parent), path)


def workspace_text(saved: SavedWorkspace, folder: Path) -> str:
    """Return what a workspace file in a folder holds."""
    record = to_json(_with_paths(saved, lambda path: _relative(path, folder)))
    return json.dumps(record, ensure_ascii=False, indent=1) + "\n"


def write_text(text: str, path: Path) -> None:
    """Write a text whole, or leave the file as it was.

    Raises
    ------
    ExportError
        If it cannot be written.
    """
    with atomic_path(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def read_workspace(path: Path) -> SavedWorkspace:
    """Read a workspace file.

    Raises
    ------
    SavedStateError
        If it cannot be read, or holds something else; the sentence names the file and the place.
    """
    try:
        record = json.loads(read_regular(path, _MOST_BYTES).decode("utf-8"))
    except OSError as error:
        reason = error.strerror or error
        raise SavedStateError(f"{path.name}: cannot be read ({reason}).") from error
    except (ValueError, RecursionError) as error:
        raise SavedStateError(f"{path.name}: is no workspace: not valid JSON.") from error
    try:
        saved = from_json(record, SavedWorkspace)
    except SavedStateError as error:
        raise SavedStateError(f"{path.name}: {error.message}", error.hint) from error
    assert isinstance(saved, SavedWorkspace)
    folder = path.absolute().parent
    return _with_paths(saved, lambda name: _absolute(name, folder))


def _with_paths(saved: SavedWorkspace, change: Callable[[str], str]) -> SavedWorkspace:
    """Return a saved workspace whose files have other names."""
    model, table, shape = saved.model, saved.participants, saved.choices.shape
    meshes = MappingProxyType({item: change(mesh) for item, mesh in shape.meshes.items()})
    return replace(
        saved,
        choices=replace(saved.choices, shape=replace(shape, meshes=meshes)),
        entries=tuple(replace(e, path=change(e.path)) if e.path else e for e in saved.entries),
        model=None if model is None else replace(model, path=change(model.path)),
        others=tuple(replace(other, path=change(other.path)) for other in saved.others),
        participants=None if table is None else replace(table, path=change(table.path)),
    )


def _relative(path: str, folder: Path) -> str:
    """Return how a file is named: what comes with the program may lie elsewhere the next time."""
    whole = Path(path).absolute()
    for prefix, root in ((_BUNDLED, resource_root()), ("", folder)):
        if whole.is_relative_to(root):
            return prefix + str(PurePosixPath(whole.relative_to(root)))
    return path


def _absolute(name: str, folder: Path) -> str:
    if name.startswith(_BUNDLED):
        return str(resource_root() / name.removeprefix(_BUNDLED))
    return str(folder / name)

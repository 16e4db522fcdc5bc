"""An open document as a study: who is who, the columns that are needed, and the command for it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from spectracnn.core.mapped_array import MappedArray, mapped, room_like
from spectracnn.core.participants import Column, ParticipantsTable
from spectracnn.core.subjects import subject_keys
from spectracnn.errors import StudyError
from spectracnn.state.columns import label_names
from spectracnn.view.cohort.columns import SIZES, column
from spectracnn.view.cohort.features import Study, make_study
from spectracnn.view.cohort.testing import Tested, run_test, standing_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from spectracnn.core.progress import Progress
    from spectracnn.state.document import Document
    from spectracnn.stats.centiles import Standing
    from spectracnn.view.cohort.settings import TestSettings

_MOST_FILES = 200
_ID = "participant"


@dataclass(frozen=True, eq=False)
class TestRequest:
    """Test every feature of a study."""

    __test__ = False  # for pytest: no test

    settings: TestSettings
    study: Study
    room: MappedArray | None = None

    @classmethod
    def shared(cls, settings: TestSettings, study: Study) -> TestRequest:
        """Return a request for another process; many features cross to it as a file."""
        values = study.features.values
        room = room_like(values) if settings.combat else None
        return cls(settings, _with_values(study, mapped(values)), room)

    def run(self, progress: Progress) -> Tested:
        """Return what was found; features are where they were, harmonised ones in the room."""
        plain = _with_values(self.study, np.ascontiguousarray(self.study.features.values))
        tested = run_test(plain, self.settings, progress)
        if tested.study is plain:
            return replace(tested, study=self.study)
        return replace(tested, study=_with_values(self.study, _kept(tested.study, self.room)))


def _with_values(study: Study, values: NDArray[np.float64]) -> Study:
    return replace(study, features=replace(study.features, values=values))


def _kept(study: Study, room: MappedArray | None) -> NDArray[np.float64]:
    values = study.features.values
    if room is None or room.shape != values.shape:
        return values
    room[...] = values
    return room


@dataclass(frozen=True, eq=False)
class StandingRequest:
    """Say where everybody of a test stands in its reference group."""

    tested: Tested
    rooms: tuple[MappedArray | None, ...] = (None, None)

    @classmethod
    def shared(cls, tested: Tested) -> StandingRequest:
        """Return a request for another process; a large answer comes as files."""
        values = tested.study.features.values
        whole = len(tested.design.kept) == len(values)
        rooms = [room_like(values, np.float32) if whole else None for _ in range(2)]
        return cls(tested, tuple(rooms))

    def run(self, progress: Progress) -> Standing:
        """Return centiles and z-scores, in single precision: there may be ten million."""
        study = self.tested.study
        plain = _with_values(study, np.ascontiguousarray(study.features.values))
        found = standing_of(plain, self.tested.design, progress)
        answers = []
        for values, room in zip((found.centile, found.z), self.rooms, strict=True):
            if room is None:
                answers.append(values.astype(np.float32))
            else:
                room[...] = values
                answers.append(room)
        return replace(found, centile=answers[0], z=answers[1])


def units_of(document: Document) -> NDArray[np.int64]:
    """Return which participant each entry is of, from 0: shape (n,).

    Those of one row of the table are of one participant; others of one subject.
    """
    rows = document.participants.rows if document.participants is not None else {}
    keys = subject_keys([entry.spectrum for entry in document.entries])
    known: dict[object, int] = {}
    found = np.empty(len(keys), np.int64)
    for place, (entry, key) in enumerate(zip(document.entries, keys, strict=True)):
        row = rows.get(entry.id, -1)
        own: object = ("row", row) if row >= 0 else key if key[0] else ("entry", entry.id)
        found[place] = known.setdefault(own, len(known))
    return found


def structures_of(document: Document, units: NDArray[np.int64]) -> list[str]:
    """Return which structure each entry is; empty where no participant has two."""
    if len(np.unique(units)) == len(units):
        return [""] * len(units)
    spectra = [entry.spectrum for entry in document.entries]
    return [spectrum.structure or spectrum.name for spectrum in spectra]


def study_of(document: Document, settings: TestSettings) -> Study:
    """Return the features of all open spectra, and the columns that the settings name.

    Raises
    ------
    StudyError
        If a column is unknown (the nearest is named), or nothing is left.
    """
    if not document.entries:
        raise StudyError("There are no spectra to compare.")
    known = {name.casefold() for name in label_names(document)}
    needed = [
        name
        for name in dict.fromkeys(settings.columns)
        if name.casefold() in known or name.casefold() not in SIZES
    ]
    cells = [column(document, name) for name in needed]
    units = units_of(document)
    _, first = np.unique(units, return_index=True)
    names = np.array([_name(document, place) for place in first], object)
    ids = Column(_ID, None, np.arange(len(names), dtype=np.int32), tuple(names))
    table = document.participants.table if document.participants is not None else None
    columns = [_renamed(cell.select(first), name) for cell, name in zip(cells, needed, strict=True)]
    path = Path("the open files") if table is None else table.path
    of_unit = ParticipantsTable(path, (ids, *columns))
    spectra = [entry.spectrum for entry in document.entries]
    structures = structures_of(document, units)
    return make_study(settings, spectra, units.tolist(), structures, of_unit, _ID)


def _renamed(cells: Column, name: str) -> Column:
    return Column(name, cells.numbers, cells.codes, cells.levels, cells.strays)


def _name(document: Document, place: int) -> str:
    """Return what a participant is called: by the table, else by the file."""
    entry, participants = document.entries[place], document.participants
    if participants is not None and entry.id in participants.rows and participants.id_column:
        cells = participants.table.column(participants.id_column)
        return participants.cell(cells, entry)
    return entry.spectrum.subject or entry.spectrum.name


def command_source(document: Document, columns: Sequence[str]) -> tuple[list[str], str]:
    """Return the words of a command that name the open files and the table, or why there are none.

    Parameters
    ----------
    document : Document
        What is open.
    columns : sequence of str
        The columns that the command needs.

    Returns
    -------
    list of str
        Empty where no command can repeat what is shown.
    str
        Why not; else empty.
    """
    files: dict[str, None] = {}
    for entry in document.entries:
        if entry.is_edited:
            return [], f"'{entry.spectrum.name}' was edited, so no command repeats this."
        if entry.spectrum.source is None:
            return [], f"'{entry.spectrum.name}' is from no file, so no command repeats this."
        files[str(entry.spectrum.source)] = None
    if document.participants is None:
        return [], "No command repeats this: a command needs the columns in a table."
    table = document.participants.table
    known = {name.casefold() for name in (*table.names, *SIZES)}
    own = [name for name in columns if name.casefold() not in known]
    if own:
        return [], f"No command repeats this: '{own[0]}' is in the files and not in the table."
    if len(files) > _MOST_FILES:
        return [], f"The command would name {len(files):,} files; give it their folder."
    words = [*files, "--table", str(table.path)]
    if document.participants.id_column:
        words += ["--id", document.participants.id_column]
    return words, ""


def methods_of(text: str, why_not: str) -> str:
    """Return a paragraph with the reason why there is no command in it, if there is one."""
    return f"{text} {why_not}".strip() if why_not else text

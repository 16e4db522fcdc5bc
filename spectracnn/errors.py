"""The errors a person may meet: each is one sentence, with an optional hint.

Everything below ``gui`` and ``cli`` raises these and never prints. All of them survive pickling,
because the engine process sends them to its client. What a sentence quotes from a file has
passed through :func:`spectracnn.printable.printable`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from spectracnn.printable import printable

if TYPE_CHECKING:
    from pathlib import Path


class SpectraCNNError(Exception):
    """An expected failure, told in one sentence.

    Parameters
    ----------
    message : str
        The sentence.
    hint : str, optional
        What the person can do about it.

    Attributes
    ----------
    details : str
        More for those who want to look, such as a traceback of the engine process.
    """

    details: str = ""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message, hint)
        self.message = printable(message)
        self.hint = printable(hint)

    def __str__(self) -> str:
        return self.message


class FileFormatError(SpectraCNNError):
    """A file cannot be read as what it should be.

    ``str()`` leaves the file's path out, so that a caller can put it in front once.

    Parameters
    ----------
    path : Path or str
        The file.
    found : str
        What was found.
    expected : str
        What a readable file would have there.
    place : str, optional
        Where in the file: a line, a key, a column.
    hint : str, optional
        What the person can do about it.
    """

    def __init__(
        self, path: Path | str, found: str, expected: str, place: str = "", hint: str = ""
    ) -> None:
        where = f"{place}: " if place else ""
        super().__init__(f"{where}found {found}, expected {expected}.", hint)
        self.args = (path, found, expected, place, hint)
        self.path = str(path)
        self.found = found
        self.expected = expected
        self.place = place

    @property
    def sentence(self) -> str:
        """The whole sentence, the file included."""
        return printable(f"{printable(self.path, 0)}: {self.message}", 0)


class SpectrumError(SpectraCNNError):
    """A spectrum's values or fields are not usable."""


class MeshError(SpectraCNNError):
    """A mesh is none, or its spectrum would mean nothing or cannot be computed."""


class PreprocessingError(SpectraCNNError):
    """A preprocessing step cannot be applied to this spectrum, or is not described validly."""


class CardError(SpectraCNNError):
    """A model card is missing something, or says something invalid."""


class ModelError(SpectraCNNError):
    """A model file cannot or must not be opened."""


class LayerError(SpectraCNNError):
    """A layer or filter that a person made cannot be computed."""


class AttributionError(SpectraCNNError):
    """An attribution method cannot be used on this model, or not with these options."""


class EngineError(SpectraCNNError):
    """The engine process could not answer."""


class StudyError(SpectraCNNError):
    """A study's table, its columns or its groups cannot be used as they were asked for."""


class ExportError(SpectraCNNError):
    """An export could not be written; nothing was left behind."""


class OperationCancelled(SpectraCNNError):  # noqa: N818  (it is no error)
    """The person asked to stop."""

    def __init__(self, message: str = "Cancelled.", hint: str = "") -> None:
        super().__init__(message, hint)

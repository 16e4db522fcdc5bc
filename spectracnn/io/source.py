"""One opened input: its first bytes for recognition, its rest on demand."""

from __future__ import annotations

import codecs
import gzip
import io
import zlib
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

from spectracnn.core.regular import IrregularFileError, open_regular, read_start
from spectracnn.errors import FileFormatError

if TYPE_CHECKING:
    from collections.abc import Iterator

HEAD_BYTES = 1 << 16
"""Read at once: the whole of most text files, and enough to recognise any other."""

TEXT_LIMIT = 1 << 29
"""Largest text that is held in memory, so that a small gzip file cannot fill it."""

FREE_BYTES = 200 << 20
SPECTRUM_BYTES = 1200
"""About what a spectrum takes beside its values."""

GZIP_ERRORS = (EOFError, OSError, zlib.error)
A_SPECTRUM_FILE = "a file of eigenvalues"


class Source:
    """Bytes to read spectra from: a file, a gzip'd file or pasted text.

    Parameters
    ----------
    path : Path or None
        The file; None for pasted text.
    name : str
        What to call a nameless spectrum of it.
    head : bytes
        The first ``HEAD_BYTES`` bytes, decompressed.
    data : bytes or None
        All bytes, where they are in memory.
    compressed : bool
        Whether the file is gzip'd.
    size : int
        Bytes of the file as it lies on the disk.
    """

    __slots__ = ("compressed", "data", "head", "name", "path", "size")

    def __init__(
        self,
        path: Path | None,
        name: str,
        head: bytes,
        data: bytes | None = None,
        compressed: bool = False,
        size: int | None = None,
    ) -> None:
        self.path = path
        self.name = name
        self.head = head
        self.data = data
        self.compressed = compressed
        self.size = len(data or head) if size is None else size

    @property
    def label(self) -> str:
        """The path, or what stands for it in an error."""
        return self.name if self.path is None else str(self.path)

    @property
    def file_name(self) -> str:
        """The file's name in lower case without ``.gz``; empty for pasted text."""
        if self.path is None:
            return ""
        return self.path.name.lower().removesuffix(".gz")

    @classmethod
    def of_file(cls, path: Path) -> Source:
        """Open a file and read its first bytes.

        Raises
        ------
        FileFormatError
            If it is missing, no ordinary file, not readable, empty, or damaged gzip.
        """
        try:
            head, size = read_start(path, HEAD_BYTES)
        except IrregularFileError as error:
            raise FileFormatError(path, error.kind, A_SPECTRUM_FILE) from error
        except FileNotFoundError as error:
            raise FileFormatError(path, "no such file", A_SPECTRUM_FILE) from error
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or error
            raise FileFormatError(
                path, f"a file that cannot be opened ({reason})", A_SPECTRUM_FILE
            ) from error
        if not head:
            raise FileFormatError(path, "an empty file", A_SPECTRUM_FILE)
        name = path.stem
        if head[:2] != b"\x1f\x8b":
            return cls(path, name, head, head if len(head) < HEAD_BYTES else None, False, size)
        if path.suffix.lower() == ".gz":
            name = Path(name).stem
        source = cls(path, name, b"", None, True, size)
        with source.open() as stream, source.gzip_refusal():
            source.head = stream.read(HEAD_BYTES)
        if len(source.head) < HEAD_BYTES:
            source.data = source.head
        if not source.head:
            raise FileFormatError(path, "an empty gzip file", A_SPECTRUM_FILE)
        return source

    @classmethod
    def of_text(cls, text: str | bytes, name: str) -> Source:
        """Wrap pasted text."""
        data = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
        return cls(None, name, data[:HEAD_BYTES], data)

    @property
    def budget(self) -> int:
        """Bytes of memory that reading may take: ten times the file, and 200 MB."""
        return 10 * self.size + FREE_BYTES

    def claim(self, nbytes: int, found: str, hint: str = "Save it as .npy or .h5.") -> None:
        """Refuse to go on where it would take more memory than a file of this size deserves.

        Parameters
        ----------
        nbytes : int
            What the next step takes.
        found : str
            What takes it.

        Raises
        ------
        FileFormatError
            If that is beyond the budget.
        """
        if nbytes > self.budget:
            raise FileFormatError(
                self.label,
                f"{found}: {max(nbytes >> 20, 1)} MB in memory",
                f"at most {self.budget >> 20} MB for a file of its size",
                hint=hint,
            )

    def claim_spectra(self, count: int) -> None:
        """Refuse more spectra than a file of this size can sensibly hold."""
        self.claim(count * SPECTRUM_BYTES, f"{count} spectra", "")

    def open(self) -> IO[bytes]:
        """Open the decompressed bytes."""
        if self.data is not None:
            return io.BytesIO(self.data)
        assert self.path is not None
        if self.compressed:
            return cast("IO[bytes]", gzip.open(self.path, "rb"))
        return open_regular(self.path)

    @contextmanager
    def gzip_refusal(self) -> Iterator[None]:
        """Turn the errors of a damaged gzip file, or of the disk, into a refusal."""
        try:
            yield
        except GZIP_ERRORS as error:
            found = "a truncated or damaged gzip file" if self.compressed else "unreadable bytes"
            raise FileFormatError(self.label, f"{found} ({error})", "a whole file") from error

    def chunks(self, size: int = 1 << 20) -> Iterator[bytes]:
        """Give the decompressed bytes in pieces."""
        with self.open() as stream, self.gzip_refusal():
            while piece := stream.read(size):
                yield piece

    def bytes(self) -> bytes:
        """Return all decompressed bytes.

        Raises
        ------
        FileFormatError
            If there are more than ``TEXT_LIMIT``.
        """
        if self.data is None:
            pieces, total = [], 0
            for piece in self.chunks():
                pieces.append(piece)
                total += len(piece)
                if self.compressed:
                    self.claim(4 * total, "text that unpacks to more than it should", "Unpack it.")
                if total > TEXT_LIMIT:
                    raise FileFormatError(
                        self.label,
                        f"more than {TEXT_LIMIT >> 20} MB of text",
                        "a smaller table",
                        hint="Save it as .npy or .h5.",
                    )
            self.data = b"".join(pieces)
        return self.data

    def text(self) -> str:
        """Return all bytes as text: UTF-8 with or without mark, else Latin-1.

        Lines end in a single newline whatever the file's convention.
        """
        data = self.bytes()
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("latin-1")
        return text.replace("\r\n", "\n").replace("\r", "\n")

    def as_utf8(self) -> Source:
        """Return a source of the same text in UTF-8, if this one is UTF-16; else itself."""
        encoding = _utf16(self.head)
        if not encoding:
            return self
        try:
            text = self.bytes().decode(encoding)
        except UnicodeDecodeError as error:
            raise FileFormatError(
                self.label, f"damaged UTF-16 text ({error.reason})", "whole text"
            ) from error
        data = text.encode("utf-8", "surrogatepass")
        return Source(self.path, self.name, data[:HEAD_BYTES], data, self.compressed, self.size)


def _utf16(head: bytes) -> str:
    """Name the UTF-16 encoding of these bytes; empty if they are in none."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if b"\0" not in head or len(head) < 8:
        return ""
    even, odd = head[0:1024:2], head[1:1024:2]
    plain = set(range(9, 14)) | set(range(32, 127))
    if not any(odd) and plain.issuperset(even):
        return "utf-16-le"
    if not any(even) and plain.issuperset(odd):
        return "utf-16-be"
    return ""

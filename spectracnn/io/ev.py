"""ShapeDNA ``.ev``: a header of ``KEY: value`` lines, then ``Eigenvalues:`` in braces.

Written by shapeDNA-tria and by LaPy. The eigenvectors that may follow are never read.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from spectracnn.core.spectrum import CUT_OFF, Kind, Normalisation, Spectrum
from spectracnn.errors import FileFormatError
from spectracnn.io.numbers import parse_list, to_float, to_size, unwrap
from spectracnn.io.result import Orientation, ReadResult

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from spectracnn.io.source import Source

_MARK = re.compile(rb"^(?:\xef\xbb\xbf)?[ \t]*Eigenvalues[ \t]*:", re.MULTILINE)
_HEADER = re.compile(rb"^(?:\xef\xbb\xbf)?[ \t]*(?:NumEW|DoF|Refine|Creator)[ \t]*:", re.MULTILINE)
_NEXT = b"Eigenvectors"
_LIST_LIMIT = 1 << 28


def recognise(source: Source) -> bool:
    """Whether a line of the head starts with ``Eigenvalues:``."""
    return _MARK.search(source.head) is not None


def recognise_cut(source: Source) -> bool:
    """Whether the head is one of an ``.ev`` file, if need be of one cut off in its header.

    The numbers of the header must not pass for eigenvalues.
    """
    return recognise(source) or _HEADER.search(source.head) is not None


def read(source: Source, orientation: Orientation | None = None) -> ReadResult:
    """Read the one spectrum of an ``.ev`` file."""
    header, body, closed = _parts(source)
    fields = _fields(header)
    notes: list[str] = []
    values = _values(source, body, closed, fields, notes)
    _compare_count(fields.get("NumEW"), values.size, notes)
    kind = _kind(fields)
    if kind is Kind.SOLID and "Kind" not in fields and _seems_solid(fields):
        notes.append("Taken for a solid by 'Dimension: 3', which is a hint and no proof.")
    known = {"Area", "Volume", "Kind", "Name", "Normalisation"}
    spectrum = Spectrum(
        name=fields.get("Name") or source.name,
        eigenvalues=values,
        kind=kind,
        area=to_size(fields.get("Area", "")),
        volume=to_size(fields.get("Volume", "")),
        source=source.path,
        metadata={key: value for key, value in fields.items() if key not in known},
        normalisation=_normalisation(fields),
        notes=tuple(notes),
    )
    return ReadResult((spectrum,))


def _parts(source: Source) -> tuple[bytes, bytes, bool]:
    """Return the header, what stands in the braces, and whether they are closed."""
    data = source.head
    mark = _MARK.search(data)
    if mark is None:
        raise FileFormatError(source.label, "no such line", "a line 'Eigenvalues:'", "header")
    start = data.find(b"{", mark.end())
    end = _end(data, mark.end())
    if end < 0 and source.data is None:
        data = _longer(source, mark.end())
        start = data.find(b"{", mark.end())
        end = _end(data, mark.end())
    stop = len(data) if end < 0 else end
    if start < 0 or start > stop:
        raise FileFormatError(source.label, "no '{'", "'{' and the eigenvalues", "Eigenvalues")
    closed = data[stop : stop + 1] == b"}"
    return data[: mark.start()], data[start + 1 : stop], closed


def _end(data: bytes | bytearray, start: int) -> int:
    """Return where the list ends, closed or not; -1 if not here."""
    end = data.find(b"}", start)
    following = data.find(_NEXT, start, len(data) if end < 0 else end)
    return following if following >= 0 else end


def _longer(source: Source, mark: int) -> bytes:
    """Read on until the list of eigenvalues ends, and no further: eigenvectors may be huge."""
    data = bytearray()
    for piece in source.chunks():
        # An 'Eigenvectors' that a border of two pieces cuts is found in the next round.
        searched = max(mark, len(data) - 64)
        data += piece
        if _end(data, searched) >= 0:
            break
        if len(data) > _LIST_LIMIT:
            raise FileFormatError(
                source.label, "a list without end", "'}' after the eigenvalues", "Eigenvalues"
            )
    return bytes(data)


def _fields(header: bytes) -> dict[str, str]:
    """Read ``KEY : value`` lines; only the first colon separates, because paths hold more."""
    try:
        text = header.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = header.decode("latin-1")
    fields = {}
    for line in text.splitlines():
        key, colon, value = line.partition(":")
        key = "".join(key.split()) if key.lstrip().startswith("Time(") else key.strip()
        if colon and key:
            fields[key] = value.strip()
    return fields


def _values(
    source: Source, body: bytes, closed: bool, fields: dict[str, str], notes: list[str]
) -> NDArray[np.float64]:
    if 28 * len(body) > source.budget:  # only then is it worth counting
        count = body.count(b";")
        source.claim(4 * len(body) + 24 * count, f"{count} eigenvalues")
    text = unwrap(body.decode("latin-1").strip().rstrip(";"))
    if not text:
        expected = f"{fields['NumEW']} of them" if fields.get("NumEW") else "at least one"
        raise FileFormatError(source.label, "no eigenvalue", expected, "Eigenvalues")
    if not closed:
        notes.append(_unclosed(source, text, fields))
        head, _, last = text.rpartition(";")
        if head and to_float(last) is None:
            text = head
            notes.append(f"The cut value {last.strip()[:30]!r} was left out.")
    values = parse_list(text, ";")
    if values is None:
        for place, token in enumerate(text.split(";")):
            if to_float(token) is None:
                raise FileFormatError(
                    source.label, repr(token.strip()[:40]), "a number", f"eigenvalue {place}"
                )
    assert values is not None
    return values


def _unclosed(source: Source, text: str, fields: dict[str, str]) -> str:
    """Return the remark about a list without its end: cut off, unless nothing is missing."""
    last = text.rpartition(";")[2]
    whole = fields.get("NumEW") == str(text.count(";") + 1) and to_float(last) is not None
    if whole or _followed(source):
        return "The list of eigenvalues has no closing '}': the last value may be cut."
    return f"{CUT_OFF}: it has no closing '}}', so values are missing or cut."


def _followed(source: Source) -> bool:
    """Whether eigenvectors follow, so that the file goes on behind the list."""
    return _NEXT in source.head


def _compare_count(stated: str | None, count: int, notes: list[str]) -> None:
    if stated is not None and stated != str(count):
        number = to_float(stated)
        if number is None or number != count:
            notes.append(f"The header says NumEW {stated[:20]}; the file holds {count} values.")


def _kind(fields: dict[str, str]) -> Kind:
    """Return the kind where the file says it; neither Dimension nor an area is proof of one."""
    stated = fields.get("Kind", "").lower()
    if stated in {Kind.SURFACE.value, Kind.SOLID.value}:
        return Kind(stated)
    creator = fields.get("Creator", "").lower()
    if "shapedna-tria" in creator:
        return Kind.SURFACE
    if "shapedna-tetra" in creator:
        return Kind.SOLID
    return Kind.SOLID if _seems_solid(fields) else Kind.UNKNOWN


def _seems_solid(fields: dict[str, str]) -> bool:
    """Whether 'Dimension: 3' speaks for tetrahedra; an area without a volume speaks against it."""
    return fields.get("Dimension", "").strip() == "3" and not (
        fields.get("Area") and not fields.get("Volume")
    )


def _normalisation(fields: dict[str, str]) -> Normalisation:
    stated = fields.get("Normalisation", "").lower()
    known = stated in {Normalisation.RAW.value, Normalisation.NORMALISED.value}
    return Normalisation(stated) if known else Normalisation.UNKNOWN

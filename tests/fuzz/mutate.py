"""Changes good files: bytes, cuts and splices, and by what the format is made of."""

from __future__ import annotations

import io
import json
import re
import zipfile
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

_NUMBER = re.compile(rb"[-+]?\d+(?:\.\d*)?(?:[eE][-+]?\d+)?")
_TOKENS = (
    b"nan", b"inf", b"-inf", b"1e999", b"-1", b"0", b"", b"1e-320", b"9" * 400, b"1_0", b"x",
    b"\x1b[31m", b"\x00", b"\xff\xfe", b"\xe2\x80\xae", b"np.float64(", b"[", b"}", b'"', b",,",
    b";", b"\r", b"\n\n", b"Eigenvalues:", b"NumEW: 7", b"1D+03", b"\xc2\x9b2J",
)  # fmt: skip
_VALUES: tuple[Any, ...] = (
    None, True, -1, 0, 1.5, 10**30, float("nan"), "", "\x1b[2J\n", "x" * 5000, [], {}, [[]],
    {"a": [1, {}]}, ["a", 1], 2**63, "\ud800", "model", {"class_name": 1},
)  # fmt: skip
_OPCODES = (
    b"(", b"t", b"l", b"d", b"}", b"]", b")", b"\x85", b"\x86", b"\x87", b"\x94", b"0", b"2",
    b"R", b"b", b"\x81", b"N", b"K\x01", b"s", b"u", b"a", b"e", b"\x8f", b"\x91", b"h\x00",
    b"q\x00",
)  # fmt: skip
_TEXT = (".txt", ".csv", ".ev", ".off", ".json")


def mutated(name: str, data: bytes, others: list[bytes], random: Random) -> bytes:
    """Return a changed copy of a file's bytes.

    Parameters
    ----------
    name : str
        Its name, by whose ending the kinds of change are chosen.
    data : bytes
        The good file.
    others : list of bytes
        Other good files, to splice with.
    random : Random
        Chooses; the same one gives the same change.
    """
    ways: list[Callable[[bytes, Random], bytes]] = [_flip, _flip, _bytes, _cut, _repeat]
    if name.endswith(_TEXT):
        ways += [_tokens] * 4
    if name.endswith(".json"):
        ways += [_json] * 6
    if name.endswith((".npz", ".keras")):
        ways += [_members] * 5
    if name.endswith((".h5", ".mat")):
        ways += [_structure] * 5
    if name.endswith(".pkl"):
        ways += [_opcodes] * 5
    if name.endswith(".model.h5") and random.random() < 0.5:
        return _configured(data, random)
    for _ in range(random.choice((1, 1, 1, 2, 3))):
        if random.random() < 0.06:
            other = random.choice(others)
            data = data[: random.randrange(len(data) + 1)] + other[random.randrange(len(other)) :]
        else:
            data = random.choice(ways)(data, random)
    return data


def _flip(data: bytes, random: Random) -> bytes:
    changed = bytearray(data)
    for _ in range(random.choice((1, 1, 2, 8))):
        if changed:
            changed[random.randrange(len(changed))] ^= 1 << random.randrange(8)
    return bytes(changed)


def _bytes(data: bytes, random: Random) -> bytes:
    changed = bytearray(data)
    for _ in range(random.choice((1, 2, 4))):
        if changed:
            at = random.randrange(len(changed))
            changed[at : at + 1] = random.choice((b"\0", b"\xff", b"\x7f", random.randbytes(4)))
    return bytes(changed)


def _cut(data: bytes, random: Random) -> bytes:
    at, end = sorted(random.randrange(len(data) + 1) for _ in range(2))
    return data[:at] if random.random() < 0.5 else data[:at] + data[end:]


def _repeat(data: bytes, random: Random) -> bytes:
    at = random.randrange(len(data) + 1)
    piece = data[at : at + random.choice((1, 8, 64))]
    return data[:at] + piece * random.choice((2, 50, 3000)) + data[at:]


def _tokens(data: bytes, random: Random) -> bytes:
    places = [match.span() for match in _NUMBER.finditer(data)]
    start, end = random.choice(places) if places else (0, 0)
    if random.random() < 0.3:
        start = end = random.randrange(len(data) + 1)
    return data[:start] + random.choice(_TOKENS) * random.choice((1, 1, 1, 300)) + data[end:]


def _json(data: bytes, random: Random) -> bytes:
    try:
        record = json.loads(data)
    except (ValueError, RecursionError):
        return _flip(data, random)
    return json.dumps(_changed(record, random)).encode()


def _changed(record: Any, random: Random) -> Any:
    if not record or not isinstance(record, dict | list) or random.random() < 0.15:
        value = random.choice(_VALUES)
        return [value] * 2000 if random.random() < 0.05 else value
    if isinstance(record, list):
        place = random.randrange(len(record))
        return [*record[:place], _changed(record[place], random), *record[place + 1 :]]
    key = random.choice(list(record))
    if random.random() < 0.1:
        return {name: value for name, value in record.items() if name != key}
    return {**record, key: _changed(record[key], random)}


def _members(data: bytes, random: Random) -> bytes:
    """Change one file of an archive and pack it anew, so that its checksum holds."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
    except Exception:  # noqa: BLE001  (an earlier change broke it)
        return _flip(data, random)
    if not members:
        return data
    name = random.choice(list(members))
    way = _json if name.endswith(".json") else random.choice((_flip, _bytes, _cut, _structure))
    members[name] = way(members[name], random)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", random.choice((0, 8, 12, 14))) as archive:
        for member, content in members.items():
            archive.writestr(member if random.random() < 0.98 else "../x", content)
    return packed.getvalue()


def _configured(data: bytes, random: Random) -> bytes:
    """Change the configuration within a good HDF5 model, so that the file itself stays whole."""
    import h5py

    changed = io.BytesIO(data)
    with h5py.File(changed, "r+") as file:
        name = random.choice(
            [key for key in ("model_config", "training_config") if key in file.attrs]
        )
        text = file.attrs[name]
        text = text.encode() if isinstance(text, str) else bytes(text)
        file.attrs[name] = _json(text, random)
    return changed.getvalue()


def _structure(data: bytes, random: Random) -> bytes:
    """Change a length, a size or an address: a whole number of two to eight bytes."""
    changed = bytearray(data)
    if len(changed) < 16:
        return data
    width = random.choice((2, 4, 8))
    at = random.randrange(0, min(len(changed), 4096) - width) // width * width
    value = random.choice(
        (0, 1, 2, 0x7F, 0xFF, 1 << 16, 1 << 30, 1 << 40, (1 << 63) - 1, len(data))
    )
    old = int.from_bytes(changed[at : at + width], "little")
    value = random.choice((value, old + 1, old - 1, old * 2)) % (1 << 8 * width)
    changed[at : at + width] = value.to_bytes(width, "little")
    return bytes(changed)


def _opcodes(data: bytes, random: Random) -> bytes:
    at = random.randrange(len(data) + 1)
    piece = b"".join(random.choice(_OPCODES) for _ in range(random.choice((1, 2, 5))))
    return data[:at] + piece * random.choice((1, 1, 1, 2000)) + data[at:]

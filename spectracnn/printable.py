"""The one place that makes text from files fit for a sentence, a terminal and a label.

A file may hold anything: line breaks, terminal codes, marks that turn the writing direction, names
of a hundred thousand letters. What a person reads passes through here; the data stays as it is.
"""

from __future__ import annotations

SENTENCE = 600
"""The longest sentence, in characters."""

NAME = 80
"""The longest name within a sentence."""


def printable(text: str, most: int = SENTENCE) -> str:
    r"""Return one line of visible characters, shortened in the middle.

    Parameters
    ----------
    text : str
        Anything, also what ``os.fsdecode`` made of bytes that are no text.
    most : int
        Characters to keep; 0 for all.

    Returns
    -------
    str
        White space as single blanks; every other character that cannot be seen, such as a control
        or bidirectional mark, as its escape.

    Examples
    --------
    >>> print(printable("a\tb\x1b[31mred\x07"))
    a b\x1b[31mred\x07
    >>> print(printable("caf\udce9.ev"))
    caf\xe9.ev
    >>> printable("0123456789", 7)
    '012...9'
    """
    if most and len(text) > most:
        text = shortened(text, most)
    if text.isprintable():
        return text
    line = "".join(_visible(character) for character in text)
    return shortened(line, most) if most else line


def shortened(text: str, most: int) -> str:
    """Return the text, its middle replaced by three points where it is too long."""
    if len(text) <= most:
        return text
    kept = max(most - 3, 1)
    tail = kept // 4
    return f"{text[: kept - tail]}...{text[len(text) - tail :]}"


def quoted(text: object, most: int = NAME) -> str:
    """Return a name from a file in quotes, for a sentence."""
    return f"'{printable(str(text), most)}'"


def encodable(text: str) -> str:
    r"""Return the text with an escape for each byte that ``os.fsdecode`` could not decode.

    Such a text can be written as UTF-8, and is otherwise unchanged.

    Examples
    --------
    >>> print(encodable("caf\udce9.ev"))
    caf\xe9.ev
    """
    try:
        text.encode()
    except UnicodeEncodeError:
        return "".join(_visible(c) if "\ud800" <= c <= "\udfff" else c for c in text)
    return text


def _visible(character: str) -> str:
    if character.isprintable():
        return character
    if character.isspace() and character not in "\x1c\x1d\x1e\x1f\x85\u2028\u2029":
        return " "
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:  # a byte that was no text
        return f"\\x{code - 0xDC00:02x}"
    return (
        f"\\x{code:02x}"
        if code < 0x100
        else f"\\u{code:04x}"
        if code < 0x10000
        else f"\\U{code:08x}"
    )

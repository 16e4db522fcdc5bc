"""Light and dark: colours by what they are for, of the window and of exported figures alike."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Theme:
    """Colours by what they are for, as ``#RRGGBB``."""

    dark: bool
    ground: str
    raised: str
    ink: str
    muted: str
    line: str
    accent: str
    on_accent: str
    hover: str
    warning: str
    error: str
    good: str


LIGHT = Theme(
    dark=False,
    ground="#FFFFFF",
    raised="#F5F6F8",
    ink="#1B1F24",
    muted="#59636E",
    line="#D8DCE2",
    accent="#2F6FDE",
    on_accent="#FFFFFF",
    hover="#E8ECF2",
    warning="#8A5A00",
    error="#B3261E",
    good="#1A7F47",
)
DARK = Theme(
    dark=True,
    ground="#14161A",
    raised="#1C1F25",
    ink="#E6E8EB",
    muted="#9AA3AE",
    line="#30353D",
    accent="#6BA1FF",
    on_accent="#0B1220",
    hover="#272B33",
    warning="#E3B341",
    error="#FF8A80",
    good="#5BD08E",
)

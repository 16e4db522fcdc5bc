"""The documents that the desktop opens with SpectraCNN, for the bundle of macOS."""

from __future__ import annotations

# macOS knows the last suffix only: every .csv file would be meant, so BrainPrint is an alternate.
_TYPES = (
    ("SpectraCNN workspace", ("spectracnn",), "Owner"),
    ("ShapeDNA spectrum", ("ev",), "Default"),
    ("Table of spectra", ("csv",), "Alternate"),
)


def for_macos() -> list[dict[str, object]]:
    """Return ``CFBundleDocumentTypes``."""
    return [
        {
            "CFBundleTypeName": name,
            "CFBundleTypeExtensions": list(suffixes),
            "CFBundleTypeRole": "Viewer",
            "LSHandlerRank": rank,
            "CFBundleTypeIconFile": "document.icns",
        }
        for name, suffixes, rank in _TYPES
    ]

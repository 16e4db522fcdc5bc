"""Puts the frozen folder into a package for Debian and Ubuntu."""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

import elf
import icons

ROOT = Path(__file__).resolve().parent.parent
HERE = Path(__file__).resolve().parent
MIME_ICONS = (
    "application-x-spectracnn-workspace",
    "application-x-shapedna-spectrum",
    "application-x-brainprint-spectra",
)

# Not linked against, but read: fonts and keyboards.
ALSO = ("fontconfig-config", "xkb-data")

# As dpkg takes names apart: libz.so.1, libhdf5-8c29085d.so
_VERSIONED = re.compile(r"(\S+)\.so\.(\S+)|(\S+)-(\d\S*)\.so")

CONTROL = """\
Package: spectracnn
Version: {version}
Architecture: {architecture}
Maintainer: The SpectraCNN developers
Section: science
Priority: optional
Installed-Size: {size}
Depends: {depends}
Recommends: hicolor-icon-theme, shared-mime-info, desktop-file-utils
Description: see why a network classifies a Laplace-Beltrami spectrum as it does
 Opens spectra of shapes (ShapeDNA, BrainPrint, tables of numbers), runs a Keras
 network of one-dimensional convolutions on them, and shows the maps of every
 layer, aligned with the spectrum.
 .
 Python, TensorFlow and Qt are included.
"""


def depends(folder: Path) -> str:
    """Return the packages with the libraries that the folder needs and does not hold.

    ``dpkg-shlibdeps`` (package dpkg-dev) knows them with their least versions, from the system that
    the folder was frozen on.

    Raises
    ------
    LookupError
        If it does not find the package of a library.
    """
    files = sorted(map(str, elf.elf_files(folder)))
    own = sorted({str(Path(file).parent) for file in files})
    names = {name for _, _, found in os.walk(folder) for name in found}
    with tempfile.TemporaryDirectory() as scratch:
        control = Path(scratch, "debian/control")
        control.parent.mkdir()
        control.write_text("Source: spectracnn\n\nPackage: spectracnn\nArchitecture: any\n")
        # Libraries of the folder itself are named without a package.
        control.with_name("shlibs.local").write_text("".join(map(_own_library, sorted(names))))
        command = ["dpkg-shlibdeps", "-O", "--warnings=0", "--ignore-missing-info"]
        command += [*(f"-l{path}" for path in own), *files]
        done = subprocess.run(command, cwd=scratch, capture_output=True, text=True)
    if done.returncode:
        said = done.stderr.splitlines()  # thousands of warnings may stand before it
        errors = [line for line in said if line.startswith("dpkg-shlibdeps: error: ")]
        raise LookupError("\n".join(errors or said))
    _, _, found = done.stdout.strip().partition("=")
    return ", ".join(sorted({*filter(None, found.split(", ")), *ALSO}))


def _own_library(name: str) -> str:
    """Return the line that says that a library comes from no package; empty if it is none."""
    match = _VERSIONED.fullmatch(name)
    return f"{match[1] or match[3]} {match[2] or match[4]}\n" if match else ""


def build(folder: Path, drawn: Path, version: str, out: Path) -> Path:
    """Write the package.

    Parameters
    ----------
    folder : Path
        The frozen application.
    drawn : Path
        The icons.
    version : str
        Of the application.
    out : Path
        Folder for the package.

    Returns
    -------
    Path
        Of the package.
    """
    architecture = {"x86_64": "amd64", "aarch64": "arm64"}[platform.machine()]
    stage = out / "deb"
    shutil.rmtree(stage, ignore_errors=True)
    shutil.copytree(folder, stage / "usr/lib/spectracnn", symlinks=True, copy_function=_link)
    _put(HERE / "linux/spectracnn.desktop", stage / "usr/share/applications/spectracnn.desktop")
    _put(HERE / "linux/spectracnn.xml", stage / "usr/share/mime/packages/spectracnn.xml")
    _put(ROOT / "LICENSE", stage / "usr/share/doc/spectracnn/copyright")
    (stage / "usr/bin").mkdir()
    (stage / "usr/bin/spectracnn").symlink_to("../lib/spectracnn/spectracnn")
    _put_icons(drawn, stage / "usr/share/icons/hicolor")
    size = sum(path.lstat().st_size for path in stage.rglob("*")) // 1024
    fields = {"version": version, "architecture": architecture, "size": size}
    control = stage / "DEBIAN/control"
    control.parent.mkdir()
    control.write_text(CONTROL.format(depends=depends(folder), **fields), encoding="utf-8")
    package = out / f"spectracnn_{version}_{architecture}.deb"
    command = ["dpkg-deb", "--root-owner-group", "-Zzstd", "-z10", "--build", stage, package]
    subprocess.run(command, check=True)
    shutil.rmtree(stage)
    return package


def _put_icons(drawn: Path, theme: Path) -> None:
    for side in icons.SIDES:
        place = theme / f"{side}x{side}"
        _put(drawn / f"spectracnn-{side}.png", place / "apps/spectracnn.png")
        for name in MIME_ICONS:
            _put(drawn / f"document-{side}.png", place / f"mimetypes/{name}.png")
    _put(icons.SOURCES / "spectracnn.svg", theme / "scalable/apps/spectracnn.svg")


def _put(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
    target.chmod(0o644)


def _link(source: str, target: str) -> None:
    try:
        Path(target).hardlink_to(source)  # a copy would be another gigabyte
    except OSError:
        shutil.copy2(source, target)

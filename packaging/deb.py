"""Puts the frozen folder into a package for Debian and Ubuntu."""

from __future__ import annotations

import platform
import shutil
import subprocess
from pathlib import Path

import elf
import icons

ROOT = Path(__file__).resolve().parent.parent
HERE = Path(__file__).resolve().parent
MIME_ICONS = ("application-x-shapedna-spectrum", "application-x-brainprint-spectra")

# Library -> package. Those renamed for 64-bit time (t64) are given by both names.
PACKAGES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libGLX.so.0": "libglx0",
    "libOpenGL.so.0": "libopengl0",
    "libX11.so.6": "libx11-6",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb.so.1": "libxcb1",
    "libxcb-dri3.so.0": "libxcb-dri3-0",
    "libdrm.so.2": "libdrm2",
    "libgbm.so.1": "libgbm1",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libdbus-1.so.3": "libdbus-1-3",
    "libglib-2.0.so.0": "libglib2.0-0 | libglib2.0-0t64",
    "libgthread-2.0.so.0": "libglib2.0-0 | libglib2.0-0t64",
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libwayland-egl.so.1": "libwayland-egl1",
    "libz.so.1": "zlib1g",
    "libstdc++.so.6": "libstdc++6",
    "libgcc_s.so.1": "libgcc-s1",
}
OF_LIBC = ("libc.so.", "libm.so.", "libdl.so.", "libpthread.so.", "librt.so.", "libutil.so.",
           "libresolv.so.", "ld-linux", "libanl.so.", "libnsl.so.")  # fmt: skip
# Not linked against, but read: fonts and keyboards.
ALSO = ("fontconfig-config", "xkb-data")

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

    Raises
    ------
    LookupError
        If the package of a library is not known.
    """
    libraries = sorted(elf.needed_from_system(folder))
    libraries = [name for name in libraries if not name.startswith(OF_LIBC)]
    unknown = [name for name in libraries if name not in PACKAGES]
    if unknown:
        raise LookupError(f"packaging/deb.py does not say which packages hold {unknown}")
    libc = f"libc6 (>= {platform.libc_ver()[1]})"
    return ", ".join([libc, *sorted({PACKAGES[name] for name in libraries} | set(ALSO))])


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

"""What the build is made of. The build itself is tested by packaging/smoke_test.py."""

from __future__ import annotations

import configparser
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from xml.etree import ElementTree

import pytest

from spectracnn import __version__

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGING = ROOT / "packaging"


@pytest.fixture(autouse=True)
def its_modules(monkeypatch):
    """Let the modules of packaging/ be imported as the build does it."""
    before = set(sys.modules)
    monkeypatch.syspath_prepend(str(PACKAGING))
    yield
    for name in set(sys.modules) - before:
        origin = getattr(sys.modules[name], "__file__", None) or ""
        if origin.startswith(str(PACKAGING)):
            del sys.modules[name]


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("PySide6/Qt/plugins/platforms/libqxcb.so", True),
        ("PySide6/Qt/lib/libQt6EglFsKmsSupport.so.6", False),
        ("PySide6/Qt/lib/libQt6EglFSDeviceIntegration.so.6", False),
        ("PySide6/plugins/platforms/qwindows.dll", True),
        ("PySide6\\plugins\\tls\\qschannelbackend.dll", False),
        ("PySide6/Qt/plugins/platformthemes/libqgtk3.so", False),
        ("PySide6/Qt/plugins/platformthemes/libqxdgdesktopportal.so", True),
        ("PySide6/Qt/plugins/iconengines/libqsvgicon.so", True),
        ("PySide6/Qt/translations/qt_de.qm", False),
        ("tensorflow/include/absl/base.h", False),
        ("tensorflow/libtensorflow_cc.so.2", True),
        ("resources/models/shrec07.keras", True),
    ],
)
def test_what_is_left_out(name, kept):
    import leave_out

    assert leave_out.keep(name) is kept


def test_what_is_kept_of_the_resources_is_there():
    import leave_out

    for name in leave_out.KEPT_RESOURCES:
        assert (ROOT / "resources" / name).is_dir()


def test_libraries_that_nothing_needs_are_left_out():
    import leave_out

    entries = [
        ("libpython3.11.so.1.0", "/python", "BINARY"),
        ("PySide6/libQt6Gui.so.6", "/gui", "BINARY"),
        ("libxcb.so.1", "/xcb", "BINARY"),
        ("libXau.so.6", "/xau", "BINARY"),
        ("libgdk-3.so.0", "/gdk", "BINARY"),
        ("libQt6Gui.so.6", "PySide6/libQt6Gui.so.6", "SYMLINK"),
    ]
    linked = {"/gui": ["libxcb.so.1", "libc.so.6"], "/xcb": ["libXau.so.6"], "/gdk": []}
    kept = leave_out.without_orphans(entries, lambda path: linked.get(path, []))
    assert [entry for entry in entries if entry not in kept] == [entries[4]]


def test_the_desktop_entry():
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str
    parser.read(PACKAGING / "linux/spectracnn.desktop", encoding="utf-8")
    entry = parser["Desktop Entry"]
    assert entry["Exec"] == "spectracnn %F"
    assert entry["Icon"] == "spectracnn"
    types = set(filter(None, entry["MimeType"].split(";")))
    assert types == set(mime_types())
    for action in filter(None, entry["Actions"].split(";")):
        assert parser[f"Desktop Action {action}"]["Exec"].startswith("spectracnn ")


def mime_types() -> dict[str, str]:
    tree = ElementTree.parse(PACKAGING / "linux/spectracnn.xml")
    space = "{http://www.freedesktop.org/standards/shared-mime-info}"
    return {
        item.get("type"): item.find(f"{space}glob").get("pattern")
        for item in tree.iter(f"{space}mime-type")
    }


def test_the_mime_types_have_their_files_and_icons():
    import deb

    found = mime_types()
    assert sorted(found.values()) == ["*.brainprint.csv", "*.ev", "*.spectracnn"]
    assert {name.replace("/", "-") for name in found} == set(deb.MIME_ICONS)


@pytest.mark.skipif(not shutil.which("dpkg-shlibdeps"), reason="only where dpkg-dev is")
def test_dependencies_are_packages(tmp_path):
    import deb

    shutil.copy("/bin/sleep", tmp_path / "spectracnn")
    packages = deb.depends(tmp_path).split(", ")
    assert [name for name in packages if name.startswith("libc6 (>= ")]
    assert {"fontconfig-config", "xkb-data"} <= set(packages)
    assert not [name for name in packages if "spectracnn" in name]


@pytest.mark.skipif(not shutil.which("dpkg-shlibdeps"), reason="only where dpkg-dev is")
def test_libraries_in_the_folder_are_no_dependencies(tmp_path):
    import deb

    (library,) = (line.split()[2] for line in _libraries("/bin/bash") if "libtinfo" in line)
    shutil.copy("/bin/bash", tmp_path / "spectracnn")
    assert "libtinfo" in deb.depends(tmp_path)
    (tmp_path / "_internal").mkdir()
    shutil.copy(library, tmp_path / "_internal")
    assert "libtinfo" not in deb.depends(tmp_path)


def test_what_dpkg_refuses_is_named(tmp_path, monkeypatch):
    import deb

    text = "dpkg-shlibdeps: warning: x\ndpkg-shlibdeps: error: no dependency information found\n"
    refused = subprocess.CompletedProcess([], 2, "", text)
    monkeypatch.setattr(deb.subprocess, "run", lambda *_, **__: refused)
    with pytest.raises(LookupError, match=r"^dpkg-shlibdeps: error: no dependency"):
        deb.depends(tmp_path)


def _libraries(program):
    return subprocess.run(["ldd", program], capture_output=True, text=True).stdout.splitlines()


@pytest.mark.skipif(not shutil.which("dpkg-query"), reason="only where packages are Debian's")
def test_licences_of_the_systems_libraries(tmp_path, monkeypatch):
    import licences

    from spectracnn.gui.dialogs.parts import parts

    for name in ("libz.so.1", "libhdf5-8c29085d.so.310"):  # the latter is of a wheel
        (tmp_path / name).write_bytes(b"")
    bootloader = {"name": "PyInstaller", "version": "6", "licence": "GPL"}
    monkeypatch.setattr(licences, "_bootloader", lambda: bootloader)
    first, part = licences.collect(tmp_path)
    assert first == bootloader
    assert part["name"].startswith("zlib1g")
    assert part["version"][0].isdigit()
    assert "Jean-loup" in (tmp_path / "licences" / f"{part['name']}.txt").read_text("utf-8")
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    *_, last = parts()
    assert (last.name, last.version) == (part["name"], part["version"])


def test_a_copyright_file_names_one_licence_or_is_to_be_read():
    import licences

    text = "Format: 1.0\n\nFiles: *\nCopyright: 2001 A\n  2002 B\nLicense: Expat\n Text.\n"
    packaging = "\nFiles: debian/*\nLicense: GPL-2+\n"
    assert licences.short_name(text + packaging) == "Expat"
    assert licences.short_name(text + "\nFiles: x.c\nLicense: GPL-2+\n") == ""
    assert licences.short_name("This package was debianized by somebody.\n") == ""


def test_the_roots_of_the_parts_are_what_is_required():
    import tomllib

    from spectracnn.gui.dialogs.parts import ROOTS

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    required = {re.match(r"[\w-]+", line)[0] for line in project["dependencies"]}
    assert required == set(ROOTS)


def test_documents_of_macos():
    import document_types

    suffixes = {s for kind in document_types.for_macos() for s in kind["CFBundleTypeExtensions"]}
    assert suffixes == {"spectracnn", "ev", "csv"}


def test_the_icons_in_all_sizes(qapp, tmp_path):
    import icons
    from PySide6.QtGui import QImage

    icons.draw(tmp_path)
    for side in icons.SIDES:
        image = QImage(str(tmp_path / f"spectracnn-{side}.png"))
        assert (image.width(), image.height()) == (side, side)
    assert (tmp_path / "document.ico").stat().st_size > 1000
    assert (tmp_path / "spectracnn.icns").stat().st_size > 1000


def test_at_16_pixels_every_bar_is_a_bar(qapp, tmp_path):
    import icons
    from PySide6.QtGui import QImage

    icons.draw(tmp_path)
    image = QImage(str(tmp_path / "spectracnn-16.png"))
    row = [image.pixelColor(x, 12).lightness() for x in range(16)]
    bright = "".join("#" if light > 140 else "." for light in row)
    assert bright == ".##.##.##.##.##."


def test_the_files_for_windows_name_what_exists():
    script = (PACKAGING / "windows/spectracnn.iss").read_text(encoding="utf-8")
    assert __version__ in script
    assert "SpectraCNN.exe" in script
    assert r"Software\Classes\.ev" in script
    assert re.search(r"LicenseFile=\.\.\\\.\.\\LICENSE", script)


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_the_smoke_test_tells_what_is_wrong(tmp_path, capfd):
    import smoke_test

    program = tmp_path / "SpectraCNN" / "spectracnn"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\necho Traceback >&2\nexit 3\n", encoding="utf-8")
    program.chmod(0o755)
    sample = ROOT / "resources/samples/ant.ev"
    command = [str(program.parent), "--samples", str(sample), "--display"]
    assert smoke_test.main(command) == 1
    said = capfd.readouterr().err
    assert "exit code 3" in said
    assert "no report" in said
    assert smoke_test.main([str(tmp_path), "--samples", str(sample), "--display"]) == 1
    assert "no program" in capfd.readouterr().err


def test_panels_that_were_not_exported_are_found(tmp_path):
    import running
    import walking

    panels = ["spectrum", "00-conv", "prediction"]
    names = [f"panel-{panel}.{suffix}" for panel in panels for suffix in walking.FORMATS]
    pictures = [*walking.PICTURES, "tool-one.png"]
    for name in [*names, *pictures]:
        (tmp_path / name).write_bytes(b"x" * 5000)
    report = {"layers": ["conv"], "exported": names, "tools": ["one"]}
    walking.check_files(report, tmp_path)
    with pytest.raises(running.WrongError, match="different panels"):
        walking.check_files({**report, "exported": names[1:]}, tmp_path)
    with pytest.raises(running.WrongError, match="of layers"):
        walking.check_files({**report, "layers": ["conv", "pool"]}, tmp_path)
    with pytest.raises(running.WrongError, match=r"tool-two\.png"):
        walking.check_files({**report, "tools": ["two"]}, tmp_path)
    (tmp_path / names[0]).write_bytes(b"")
    with pytest.raises(running.WrongError, match="missing or empty"):
        walking.check_files(report, tmp_path)


def test_a_program_in_another_root_sees_paths_of_its_own(tmp_path):
    import running

    place = running.Place(tmp_path / "usr/lib/spectracnn/spectracnn", tmp_path)
    command = place.command("--reset", tmp_path / "tmp/a b.ev")
    assert command[1:3] == [str(tmp_path), "/usr/bin/env"]
    assert command[-3:] == ["/usr/lib/spectracnn/spectracnn", "--reset", "/tmp/a b.ev"]
    here = running.Place(tmp_path / "spectracnn")
    assert here.command(tmp_path / "a.ev") == [str(tmp_path / "spectracnn"), str(tmp_path / "a.ev")]


@pytest.mark.skipif(not shutil.which("dpkg-query"), reason="only where packages are Debian's")
def test_libraries_that_are_not_declared_are_found():
    import declared

    shell = subprocess.Popen(["sleep", "60"])
    try:
        # Its libraries are mapped some time after it began.
        deadline = time.monotonic() + 20
        found = declared.undeclared("", [shell.pid], ROOT)
        while not any("/libc.so" in path for path in found) and time.monotonic() < deadline:
            time.sleep(0.01)
            found = declared.undeclared("", [shell.pid], ROOT)
        assert any("/libc.so" in path for path in found)
        assert not declared.undeclared("coreutils, libc6 (>= 2.36)", [shell.pid], ROOT)
    finally:
        shell.kill()
        shell.wait()

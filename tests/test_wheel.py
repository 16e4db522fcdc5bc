"""What an installed wheel holds. Built without isolation, so that no network is needed."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

pytest.importorskip("hatchling", reason="the build backend comes with the dev extra")

ROOT = Path(__file__).resolve().parent.parent

ASK = """
import spectracnn
from spectracnn.resources import default_model, resource, resource_root, sample_spectra
print(spectracnn.__file__)
print(resource_root())
print(default_model())
print(resource("icons/spectracnn.svg"))
print(len(sample_spectra()))
"""


def build(folder: Path, *arguments: str) -> None:
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build(folder, "wheel", "--no-deps", "--no-build-isolation", "-w", str(folder), str(ROOT))
    (built,) = folder.glob("*.whl")
    return built


def test_holds_package_resources_and_licence_and_nothing_else(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    assert "spectracnn/_resources/models/shrec07.keras" in names
    assert "spectracnn/_resources/models/shrec07.card.json" in names
    assert "spectracnn/_resources/models/shrec07.reference.npz" in names
    assert "spectracnn/_resources/models/shrec07-49.keras" in names
    assert any(name.endswith("licenses/LICENSE") for name in names)
    tops = {name.split("/")[0].split("-")[0] for name in names}
    assert tops == {"spectracnn"}
    assert not [name for name in names if "__pycache__" in name]


def test_installed_finds_its_resources(wheel, tmp_path):
    site = tmp_path / "site"
    build(tmp_path, "install", "--no-deps", "--no-index", "--target", str(site), str(wheel))
    done = subprocess.run(
        [sys.executable, "-c", ASK],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    *paths, samples = done.stdout.split()
    assert all(path.startswith(str(site)) for path in paths), paths
    assert int(samples) >= 20

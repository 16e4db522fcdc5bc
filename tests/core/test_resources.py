import sys

import pytest

from spectracnn import resources
from spectracnn.errors import SpectraCNNError


def test_checkout():
    assert resources.resource_root().name in {"resources", "_resources"}
    assert resources.resource("icons/spectracnn.svg").is_file()
    with pytest.raises(SpectraCNNError, match="missing"):
        resources.resource("models/none.keras")


def test_frozen_application(tmp_path, monkeypatch):
    (tmp_path / "resources" / "models").mkdir(parents=True)
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    assert resources.resource_root() == tmp_path / "resources"


def test_wheel(tmp_path, monkeypatch):
    package = tmp_path / "spectracnn"
    (package / "_resources" / "models").mkdir(parents=True)
    monkeypatch.setattr(resources, "__file__", str(package / "resources.py"))
    assert resources.resource_root() == package / "_resources"


def test_nothing_there(tmp_path, monkeypatch):
    monkeypatch.setattr(resources, "__file__", str(tmp_path / "x" / "resources.py"))
    with pytest.raises(SpectraCNNError, match="missing"):
        resources.resource_root()

"""Makes the pictures of the README and the user guide from the real window.

Run it with a display, or under a virtual one of at least 1920x1080 pixels::

    xvfb-run -a -s "-screen 0 1920x1080x24" python docs/make_screenshots.py
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QSettings
from PySide6.QtTest import QTest

from spectracnn.gui.app import Application, make_qt_application
from spectracnn.gui.theme import ThemeChoice
from spectracnn.resources import sample_spectra
from spectracnn.view.selection import LayerMode, LayerOptions, Sample, SpectrumMode, Stage

if TYPE_CHECKING:
    from collections.abc import Callable

IMAGES = Path(__file__).parent / "images"
PATIENCE = 120.0


def wait_for(condition: Callable[[], bool]) -> None:
    """Run the event loop until something is true."""
    end = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError("the window did not come up")
        QTest.qWait(20)
    QTest.qWait(400)


def save(program: Application, name: str) -> None:
    """Write what the window shows."""
    QTest.qWait(250)
    program.window.grab().save(str(IMAGES / f"{name}.png"))
    print(f"docs/images/{name}.png")


def answered(program: Application) -> bool:
    """Tell whether every panel has something to show."""
    layers = program.workspace.contents.layers
    entries = program.workspace.document.entries
    shown = bool(layers) and all(layer.picture is not None for layer in layers)
    return shown and all(entry.probabilities is not None for entry in entries)


def show_layers(program: Application) -> None:
    """Take the picture of the main window in both themes."""
    workspace = program.workspace
    airplane = workspace.document.entries[0].id
    workspace.set_current(airplane)
    wait_for(lambda: answered(program))
    workspace.set_view(spectrum_mode=SpectrumMode.MODEL_INPUT)
    workspace.pin(Sample(2, 6, 4))
    for choice, name in ((ThemeChoice.LIGHT, "light"), (ThemeChoice.DARK, "dark")):
        program.themes.choose(choice)
        save(program, f"window-{name}")
    program.themes.choose(ThemeChoice.LIGHT)


def show_details(program: Application) -> None:
    """Take the pictures of the user guide."""
    workspace = program.workspace
    workspace.set_layer_options(0, LayerOptions(stage=Stage.BEFORE))
    workspace.set_layer_options(2, LayerOptions(stage=Stage.BEFORE))
    save(program, "before-activation")
    for layer in (0, 1):
        workspace.set_layer_options(layer, LayerOptions(mode=LayerMode.LINES))
    workspace.pin(Sample(1, 6, 6))
    save(program, "pooling-lines")
    program.window.release_pin()
    workspace.set_view(spectrum_mode=SpectrumMode.RAW, log_value=True, log_index=True)
    program.window.all_heat_maps()
    save(program, "log-axes")


def main() -> int:
    """Make all pictures."""
    IMAGES.mkdir(exist_ok=True)
    # Settings of our own, so that nobody's window is changed by taking a picture.
    qt_application = make_qt_application(sys.argv[:1])
    QCoreApplication.setApplicationName("SpectraCNN screenshots")
    QSettings().clear()
    program = Application(qt_application)
    program.themes.choose(ThemeChoice.LIGHT)
    program.window.resize(1280, 800)
    program.show()
    save(program, "welcome")
    program.window.open_paths(sample_spectra())
    wait_for(lambda: answered(program))
    show_layers(program)
    show_details(program)
    program.window.resize(1920, 1080)
    program.themes.choose(ThemeChoice.DARK)
    save(program, "large-dark")
    QSettings().clear()
    program.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

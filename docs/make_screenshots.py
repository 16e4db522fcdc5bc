"""Makes the pictures of the README and the user guide from the real window.

Run it with a display, or under a virtual one of at least 1280x800 pixels::

    xvfb-run -a -s "-screen 0 1440x900x24" python docs/make_screenshots.py

Names of parts, such as ``tools shapes``, make only the pictures of these.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QCoreApplication, QSettings, QTimer
from PySide6.QtTest import QTest

from spectracnn.core.steps import DivideByIndex, UnitArea
from spectracnn.geometry.samples import sample_shape
from spectracnn.gui.dialogs.model_card.reliability import ReliabilityDiagram
from spectracnn.gui.learn.lessons.drum import BOTH_DRUMS
from spectracnn.gui.start.app import Application
from spectracnn.gui.start.desktop import make_qt_application
from spectracnn.gui.theme import ThemeChoice
from spectracnn.resources import default_model, resource, sample_spectra
from spectracnn.state.selection import LayerMode, LayerOptions, Sample, SpectrumMode, Stage
from spectracnn.view.reliability import reliability_picture

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

IMAGES = Path(__file__).parent / "images"
PATIENCE = 600.0


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


def save_window(window: QWidget, name: str) -> None:
    """Write what a tool's own window shows, with the buttons below it."""
    QTest.qWait(600)
    window.window().grab().save(str(IMAGES / f"{name}.png"))
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


def show_overview(program: Application) -> None:
    """Take the picture of the whole network on one page."""
    workspace = program.workspace
    workspace.set_view(overview=True)
    page = program.window.ui.overview
    wait_for(lambda: page is not None and page.overview.flows is not None)
    save(program, "overview")
    workspace.set_view(overview=False)


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
    program.window.commands.run("release_pin")
    workspace.set_view(spectrum_mode=SpectrumMode.RAW, log_value=True, log_index=True)
    program.window.commands.run("all_heat_maps")
    save(program, "log-axes")


def show_tools(program: Application) -> None:
    """Take the pictures of the views that explain."""
    workspace, tools = program.workspace, program.tools
    workspace.set_view(spectrum_mode=SpectrumMode.MODEL_INPUT, log_value=False, log_index=False)
    workspace.set_overlaid([])
    tools.open("inspector")
    workspace.pin(Sample(0, 12, 4))
    QTest.qWait(800)
    save(program, "inspector")
    program.window.commands.run("release_pin")
    workspace.choose_range((20, 30))
    save(program, "range")
    program.window.commands.run("release_pin")
    tools.open("attribution")
    wait_for(lambda: workspace.contents.attribution is not None)
    save(program, "attribution")
    what_if(program)
    program.window.commands.run("tour")
    QTest.qWait(600)
    for _ in range(3):
        program.tour.move(1)
        QTest.qWait(400)
    save(program, "tour")
    program.tour.end()
    compare = tools.open("compare")
    QTest.qWait(2500)
    save_window(compare, "compare")
    workspace.set_overlaid([entry.id for entry in workspace.document.entries[:12]])
    compare.tabs.setCurrentWidget(compare.multiples)
    QTest.qWait(2500)
    save_window(compare, "multiples")
    compare.tabs.setCurrentWidget(compare.statistics)
    QTest.qWait(2500)
    compare.statistics.table.selectRow(9)
    save_window(compare, "statistics")
    program.window.commands.run("release_pin")
    filters = tools.open("filters")
    QTest.qWait(2500)
    save_window(filters, "filters")
    embedding = tools.open("embedding")
    wait_for(lambda: embedding.gathering.embedding is not None)
    save_window(embedding, "embedding")
    tools.close_windows()


def show_learning(program: Application) -> None:
    """Take the pictures of lessons and labs, and of a network that learns."""
    workspace, tools = program.workspace, program.tools
    workspace.set_current(workspace.document.entries[0].id)
    wait_for(lambda: answered(program))
    lessons = tools.open("lessons")
    for row, name in ((1, "lesson-slide"), (2, "lesson-filters")):
        lessons.list.setCurrentRow(row)
        QTest.qWait(1500)
        save_window(lessons, name)
    lessons.list.setCurrentRow(0)
    lessons.picture.outline_box.setCurrentText(BOTH_DRUMS)
    lessons.picture.choose(6)
    QTest.qWait(600)  # its views begin to swing when they are shown
    lessons.picture.mode_view.hold(0.0)
    lessons.picture.twin_view.hold(0.0)
    save_window(lessons, "lesson-drums")
    layer_lab = tools.open("layer_lab")
    wait_for(lambda: layer_lab.result is not None)
    save_window(layer_lab, "layer-lab")
    filter_lab = tools.open("filter_lab")
    wait_for(filter_lab.panel.isEnabled)
    weights = filter_lab.panel.editor.weights[:, None].copy()
    filter_lab.panel.gestureBegun.emit()
    filter_lab.panel.edited.emit(weights[::-1].copy(), 0.0, "mirror image")
    QTest.qWait(1500)
    save_window(filter_lab, "filter-lab")
    while workspace.editing.stack.canUndo():
        workspace.editing.stack.undo()
    tools.close_windows()
    with tempfile.TemporaryDirectory() as folder:
        show_training(program, Path(folder))


def show_training(program: Application, folder: Path) -> None:
    """Take the pictures of a training on the bundled spectra: in the middle, and at the end."""
    program.window.ui.message_bar.dismiss()
    program.workspace.set_view(
        spectrum_mode=SpectrumMode.MODEL_INPUT, log_value=False, log_index=False
    )
    training = program.tools.open("training")
    training.form.labels.choose_bundled()
    training.form.out_edit.setText(str(folder / "mine.keras"))
    training.begin()
    wait_for(lambda: training.state is not None and len(training.state.epochs) >= 40)
    save_window(training, "training")
    save(program, "training-window")
    wait_for(lambda: not training.state.running)
    save_window(training, "training-result")
    program.tools.close_windows()
    program.window.commands.run("open_bundled_model")
    wait_for(lambda: answered(program))
    program.workspace.close_model(str(folder / "mine.keras"))


def what_if(program: Application) -> None:
    """Take the picture of an edited spectrum with a muted filter, and undo both."""
    editing = program.workspace.editing
    tool = program.tools.open("what_if")
    program.workspace.set_view(spectrum_mode=SpectrumMode.RAW)
    tool.first.setValue(20)
    tool.last.setValue(50)
    tool.sliders["scale"].slider.setValue(12)
    editing.toggle_mute(0, 5)
    QTest.qWait(800)
    save(program, "what-if")
    while editing.stack.canUndo():
        editing.stack.undo()
    QTest.qWait(400)


def show_shapes(program: Application) -> None:
    """Take the pictures of the shape view: a mode, a map, and the drums that sound alike."""

    def save_shape(name: str) -> None:
        wait_for(lambda: not any(pane.view.busy for pane in tool.panes))
        save_window(tool, name)

    workspace = program.workspace
    known = {entry.id for entry in workspace.document.entries}
    program.window.open_paths([sample_shape(name) for name in ("dumbbell", "drum_1", "drum_2")])
    wait_for(lambda: len(workspace.document.entries) == len(known) + 3 and answered(program))
    made = {e.spectrum.name: e.id for e in workspace.document.entries if e.id not in known}
    workspace.set_overlaid(made.values())
    workspace.set_current(made["dumbbell"])
    tool = program.tools.open("shape")
    wait_for(lambda: tool.pane.view.picture() is not None)
    tool.controls.mode_box.setValue(9)
    save_shape("shape-mode")
    tool.controls.show_box.setCurrentIndex(2)
    wait_for(lambda: tool.pane.maps is not None)
    save_shape("shape-sensitivity")
    tool.controls.show_box.setCurrentIndex(0)
    workspace.set_current(made["drum_1"])
    wait_for(lambda: tool.pane.solution is not None and not tool.pane.computing)
    box = tool.controls.beside_box
    place = box.findData(made["drum_2"])
    box.setCurrentIndex(place)
    box.activated.emit(place)
    wait_for(lambda: tool.other.view.picture() is not None)
    save_shape("shape-drums")
    tool.window().close()
    workspace.remove(list(made.values()))


def show_model_card(program: Application) -> None:
    """Take the picture of the dialog about a model that has no card: the bundled one without it."""
    with tempfile.TemporaryDirectory() as folder:
        alone = Path(folder, "my_network.keras")
        shutil.copyfile(default_model(), alone)
        program.window.open_paths([alone])
        wait_for(lambda: program.card_setup.dialog is not None)
        dialog = program.card_setup.dialog
        if dialog is None:
            return
        dialog.steps.switches[UnitArea].click()
        dialog.steps.switches[DivideByIndex].click()
        wait_for(dialog.preview.bars.isVisible)
        save_window(dialog, "model-card-dialog")
        dialog.reject()
        program.window.ui.message_bar.dismiss()
        program.window.commands.run("open_bundled_model")
        wait_for(lambda: answered(program))
        program.workspace.close_model(str(alone))


def show_cohort(program: Application) -> None:
    """Take the pictures of the pages about a cohort: the training spectra with made-up people."""
    from spectracnn import io
    from spectracnn.io.participants import read_table
    from spectracnn.state.participants import Participants

    workspace = program.workspace
    spectra = io.read(resource("data/shrec07_lb_train.h5"))
    draw = np.random.default_rng(0)
    rows = ["name,shape,age,sex,site,group"]
    for spectrum in spectra:
        label = spectrum.metadata["label"]
        shape = label if draw.random() < 0.9 else str(draw.choice(["cup", "vase", "hand", "teddy"]))
        site = "A" if draw.random() < (0.8 if label < "h" else 0.3) else "B"
        group = "patient" if draw.random() < 0.5 else "control"
        age = draw.normal(60, 9)
        rows.append(f"{spectrum.name},{shape},{age:.1f},{draw.choice(['F', 'M'])},{site},{group}")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "participants.csv"
        path.write_text("\n".join(rows) + "\n", encoding="utf-8")
        table = read_table(path)
    workspace.remove([entry.id for entry in workspace.document.entries])
    workspace.set_participants(Participants(table))
    workspace.add_spectra(spectra)
    wait_for(lambda: all(e.probabilities is not None for e in workspace.document.entries))
    tool = program.tools.open("cohort")
    tool.window().resize(1280, 800)
    pages = tool.pages
    wait_for(lambda: pages["predictions"].summary is not None)
    save_window(tool.window(), "cohort-predictions")
    for name in ("groups", "attribution"):
        tool.show_page(name)
        page = pages[name]
        wait_for(lambda page=page: page.choice.column_box.count() > 0)
        page.choice.column_box.setCurrentText("shape")
        page.choice.column_box.activated.emit(0)
        page.choice.first_box.setCurrentText("human")
        page.choice.second_box.setCurrentText("all others")
        page.choice.first_box.activated.emit(0)
        page.begin()
        wait_for(lambda page=page: page.found is not None)
        QTest.qWait(1500)
        save_window(tool.window(), f"cohort-{name}")
    tool.show_page("statistics")
    page = pages["statistics"]
    wait_for(lambda: page.form.column_box.count() > 0)
    page.form.column_box.setCurrentText("site")
    page.form.column_box.activated.emit(0)
    page.form.covariates.choose(("age", "sex"))
    page.form.scale_box.setCurrentIndex(1)
    page.form.scale_box.activated.emit(1)
    page.form.permutations.setValue(1000)
    page.begin()
    wait_for(lambda: page.tested is not None)
    save_window(tool.window(), "cohort-statistics")
    tool.show_page("confounds")
    probes = pages["confounds"]
    wait_for(lambda: probes.target_box.count() > 0)
    probes.target_box.setCurrentText("shape")
    probes.against.choose(("age", "sex", "site", "area"))
    probes.begin()
    wait_for(lambda: probes.found is not None)
    save_window(tool.window(), "cohort-confounds")
    tool.window().close()
    workspace.remove([entry.id for entry in workspace.document.entries])
    workspace.set_participants(None)
    program.window.open_paths(sample_spectra())
    wait_for(lambda: bool(workspace.document.entries) and answered(program))


def show_reliability(program: Application) -> None:
    """Write the reliability diagram of the bundled model."""
    model = program.workspace.document.model
    picture = None if model is None else reliability_picture(model)
    if picture is None:
        return
    diagram = ReliabilityDiagram(picture)
    diagram.resize(diagram.sizeHint())
    diagram.show()
    save_window(diagram, "reliability")
    diagram.close()


PARTS = {
    "layers": show_layers,
    "overview": show_overview,
    "details": show_details,
    "tools": show_tools,
    "shapes": show_shapes,
    "model_card": show_model_card,
    "cohort": show_cohort,
    "learning": show_learning,
    "reliability": show_reliability,
}


def main() -> int:
    """Make all pictures, or those of the parts that the command names."""
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
    for name in sys.argv[1:] or PARTS:
        PARTS[name](program)
    QSettings().clear()
    program.close()
    # Threads of the tools end when the program does.
    QTimer.singleShot(0, qt_application.quit)
    qt_application.exec()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QImage, QPalette

from spectracnn.geometry.options import SolveOptions
from spectracnn.geometry.samples import sample_shape, torus
from spectracnn.gui.tools.shape.solving import SolveThread
from spectracnn.gui.tools.shape.surface_view import SurfaceView
from spectracnn.view.shape_picture import skin


@pytest.fixture
def view(qtbot):
    view = SurfaceView()
    qtbot.addWidget(view)
    view.resize(200, 160)
    view.show()
    yield view
    view.close_thread()


def test_the_view_draws_turns_and_zooms(qtbot, view):
    mesh = torus()
    view.set_shape(skin(mesh))
    view.set_values(np.cos(np.linspace(0, 9, len(mesh.vertices))))
    qtbot.waitUntil(lambda: view.picture() is not None, timeout=60_000)
    first = view.picture()
    assert (first.width(), first.height()) == (200, 160)
    qtbot.keyClick(view, Qt.Key.Key_Left)
    qtbot.waitUntil(lambda: view.picture() != first, timeout=60_000)
    view.reset()
    qtbot.waitUntil(lambda: view.picture() == first, timeout=60_000)
    view._from = QPointF(0, 0)
    view.set_shape(None)
    assert view.picture() is None


def test_the_legend_is_that_of_the_colours_that_are_seen(qtbot, view):
    mesh = torus()
    view.set_shape(skin(mesh))
    view.set_legend("low", "high")
    view.set_values(np.ones(len(mesh.vertices)))
    qtbot.waitUntil(lambda: view.picture() is not None and not view.busy, timeout=60_000)
    first, legend = view.picture(), view._seen_legend
    view.set_legend("shrunk", "grown")
    view.set_values(-np.ones(len(mesh.vertices)))
    assert (view.picture(), view._seen_legend) == (first, legend) == (first, ("low", "high"))
    qtbot.waitUntil(lambda: not view.busy, timeout=60_000)
    assert view._seen_legend == ("shrunk", "grown")


def test_another_theme_repaints_the_ground(qtbot, view):
    view.set_shape(skin(torus()))
    view.set_values(np.zeros(3600))
    qtbot.waitUntil(lambda: view.picture() is not None, timeout=60_000)
    palette = view.palette()
    palette.setColor(QPalette.ColorRole.Base, QColor(20, 30, 40))
    view.setPalette(palette)
    dark = QColor(20, 30, 40)
    qtbot.waitUntil(lambda: view.picture().pixelColor(0, 0) == dark, timeout=60_000)


def test_a_mesh_is_solved_in_a_process_of_its_own(qtbot):
    path = sample_shape("torus")
    thread = SolveThread(path, SolveOptions(k=12, eigenfunctions=True))
    with qtbot.waitSignal(thread.solved, timeout=120_000) as caught:
        thread.start()
    thread.wait()
    source, mesh, solution = caught.args
    assert source == mesh == path
    assert solution.eigenfunctions.shape == (len(solution.mesh.vertices), 12)


def test_a_mesh_that_cannot_be_solved_is_a_sentence(qtbot, tmp_path):
    path = tmp_path / "x.off"
    path.write_text("OFF\n1 0 0\n0 0 0\n")
    thread = SolveThread(path, SolveOptions(k=12, eigenfunctions=True))
    with qtbot.waitSignal(thread.failed, timeout=120_000) as caught:
        thread.start()
    thread.wait()
    assert "found no face" in caught.args[1]


def test_the_tool_shows_the_current_mesh_and_ends_what_it_began(qtbot, program):
    from spectracnn.geometry.computing import SolveRequest, compute
    from spectracnn.geometry.options import SolveOptions
    from spectracnn.geometry.solve import as_spectrum
    from spectracnn.gui.tools.shape.shape import ShapeTool
    from spectracnn.gui.workspace.context import ToolContext

    solution = compute(SolveRequest(sample_shape("torus"), SolveOptions(k=200)))
    program.fill([as_spectrum(solution)])
    context = ToolContext(program.workspace, program.broker, program.themes, program.settings)
    tool = ShapeTool(context)
    tool.show()
    qtbot.waitUntil(lambda: tool.pane.view.picture() is not None, timeout=240_000)
    assert tool.captions.words.text().startswith("\u03bb\u2081 = 1.03")
    assert "3,600 vertices" in tool.captions.note.text()
    tool.controls.mode_box.setValue(2)
    assert "one of 2 nearly equal ones" in tool.captions.words.text()
    tool.controls.animate_button.setChecked(True)
    tool.controls.show_box.setCurrentIndex(2)
    assert not tool.controls.animate_button.isChecked()
    assert "Shape sensitivity" in tool.captions.words.text()
    tool.close_threads()
    tool.close()
    tool.deleteLater()


def test_the_morph_slider_shows_the_class_of_the_moved_shape_and_goes_back(qtbot, program):
    from spectracnn.engine.messages import MapsOnShape, PredictSpectra, Succeeded
    from spectracnn.geometry.computing import SolveRequest, compute
    from spectracnn.geometry.options import SolveOptions
    from spectracnn.geometry.solve import as_spectrum
    from spectracnn.geometry.surface_maps import SurfaceMaps
    from spectracnn.gui.tools.shape.shape import ShapeTool
    from spectracnn.gui.workspace.context import ToolContext

    solution = compute(SolveRequest(sample_shape("torus"), SolveOptions(k=200)))
    program.fill([as_spectrum(solution)])
    context = ToolContext(program.workspace, program.broker, program.themes, program.settings)
    tool = ShapeTool(context)
    tool.show()
    qtbot.waitUntil(lambda: tool.pane.view.picture() is not None, timeout=240_000)
    tool.controls.show_box.setCurrentIndex(3)
    row = tool.morph_row
    assert row.isVisible()
    assert not row.slider.isEnabled()
    assert "An exploration, not a finding" in tool.captions.words.text()
    slope = solution.mesh.vertices[:, 0]
    engine = program.engine
    maps = SurfaceMaps(slope, slope, slope, slope)
    engine.eventReceived.emit(Succeeded(engine.latest(MapsOnShape), (maps, 1)))
    model = program.workspace.document.model
    assert row.more.text() == f"more {model.classes[1]}"
    row.slider.setValue(50)
    row.slider.setValue(60)  # while the first is solved, this one waits

    def sent():
        requests = engine.requests.items()
        kind = [(n, r.spectra) for n, r in requests if isinstance(r, PredictSpectra)]
        return [(n, pair) for n, pair in kind if pair[-1].name == "torus, morphed"]

    qtbot.waitUntil(lambda: bool(sent()), timeout=240_000)
    number, (original, moved) = sent()[0]
    np.testing.assert_allclose(original.eigenvalues, solution.eigenvalues)
    assert moved.area > original.area  # e**u is convex, and u has the mean 0
    engine.answer_predictions(number)
    assert row.words.text().startswith("Original: ")
    assert "\nMorphed: " in row.words.text()
    assert program.workspace.document.entries[0].spectrum.name == "torus"
    row.reset_button.click()
    assert row.slider.value() == 0
    assert "nothing in the table" in row.words.text()
    tool.close_threads()
    tool.close()
    tool.deleteLater()


def test_the_engine_paints_a_decision_on_a_shape():
    from spectracnn.engine.messages import MapsOnShape
    from spectracnn.engine.process import _ANSWERS
    from spectracnn.nn.loading import open_model
    from spectracnn.resources import default_model

    model = open_model(default_model())
    answer = _ANSWERS[MapsOnShape]
    maps, target = answer(model, MapsOnShape(str(sample_shape("torus"))))
    assert maps.sensitivity.shape == (3600,)
    assert 0 <= target < len(model.description.classes)
    assert np.ptp(maps.mode_energy) > 0


@pytest.fixture
def tool(qtbot, program):
    from spectracnn.gui.tools.shape.shape import ShapeTool
    from spectracnn.gui.workspace.context import ToolContext

    context = ToolContext(program.workspace, program.broker, program.themes, program.settings)
    made = ShapeTool(context)
    yield made
    made.close_threads()
    made.close()
    made.deleteLater()


def solved(path, k=200):
    from spectracnn.geometry.computing import SolveRequest, compute
    from spectracnn.geometry.options import SolveOptions
    from spectracnn.geometry.solve import as_spectrum

    return as_spectrum(compute(SolveRequest(path, SolveOptions(k=k))))


def test_a_file_of_eigenvalues_has_the_shape_of_its_name(qtbot, program, tool, tmp_path):
    from spectracnn import io
    from spectracnn.io.write import write_ev

    mesh = tmp_path / "lh.pial"
    mesh.write_bytes(sample_shape("drum_1").read_bytes())
    write_ev(solved(mesh, 40), tmp_path / "lh.ev")
    spectrum = io.read(tmp_path / "lh.ev")[0]
    program.fill([spectrum])
    tool.show()
    qtbot.waitUntil(lambda: tool.pane.view.picture() is not None, timeout=240_000)
    assert tool.pane.mesh == mesh
    assert (
        "Shape: lh.pial. Its eigenvalues are the file's, to rounding." in tool.captions.note.text()
    )
    mesh.unlink()
    program.fill([io.read(tmp_path / "lh.ev")[0]])
    tool.pane.spectrum = None
    tool._follow()
    qtbot.waitUntil(lambda: not tool.pane.computing, timeout=60_000)
    assert "This spectrum has no shape here." in tool.captions.note.text()


def test_two_shapes_stand_side_by_side_and_turn_together(qtbot, program, tool, tmp_path):
    program.fill([solved(sample_shape("drum_1")), solved(sample_shape("drum_2"))])
    workspace = program.workspace
    ids = [entry.id for entry in workspace.document.entries]
    workspace.set_current(ids[0])
    workspace.set_overlaid(ids)
    tool.resize(700, 500)
    tool.show()
    box = tool.controls.beside_box
    qtbot.waitUntil(lambda: tool.pane.view.picture() is not None, timeout=240_000)
    assert box.itemText(1) == "Beside: drum_2"
    box.setCurrentIndex(1)
    box.activated.emit(1)
    qtbot.waitUntil(lambda: tool.other.view.picture() is not None, timeout=240_000)
    assert "Beside it: 3,729 vertices" in tool.captions.note.text()
    qtbot.keyClick(tool.other.view, Qt.Key.Key_Left)
    np.testing.assert_array_equal(tool.pane.view.pose[0], tool.other.view.pose[0])
    path = tmp_path / "both.png"
    tool.begin_own_export(path)()
    both = QImage(str(path))
    assert (both.height(), both.width() > both.height()) == (1400, True)
    tool.begin_own_export(tmp_path / "mode.vtk")()
    assert "eigenfunction_1" in (tmp_path / "mode.vtk").read_text()
    assert tool.begin_own_export(tmp_path / "x.csv") is None
    assert tool.values_tsv().startswith("vertex\tx\ty\tz\teigenfunction_1\n0\t0.0\t0.0\t")
    box.setCurrentIndex(0)
    box.activated.emit(0)
    assert tool.panes == (tool.pane,)


def test_a_mesh_is_chosen_by_hand_and_doubted_where_it_is_another(
    qtbot, program, tool, tmp_path, monkeypatch
):
    from spectracnn import io
    from spectracnn.gui.window.commands import meshes
    from spectracnn.io.write import write_ev

    write_ev(solved(sample_shape("drum_1"), 40), tmp_path / "nameless.ev")
    program.fill(io.read(tmp_path / "nameless.ev"))
    tool.show()
    qtbot.waitUntil(lambda: not tool.pane.computing, timeout=60_000)
    assert "Choose its mesh" in tool.captions.note.text()
    chosen = []
    monkeypatch.setattr(meshes.QFileDialog, "getOpenFileName", lambda *_args: (str(chosen[-1]), ""))
    for name in ("torus", "drum_1"):
        chosen.append(sample_shape(name))
        program.window.commands.run("choose_mesh")
        qtbot.waitUntil(lambda: tool.pane.mesh == chosen[-1], timeout=240_000)
        if name == "torus":
            doubt = tool.captions.doubt
            assert "it may be another shape." in doubt.text()
            assert doubt.text().endswith("computed on 3,729 vertices, the mesh has 3,600.")
            assert doubt.isVisible()
    assert not tool.captions.doubt.isVisible()
    assert "Its eigenvalues are the file's, to rounding." in tool.captions.note.text()
    stack = program.workspace.editing.stack
    assert stack.undoText() == "mesh of drum_1"  # the name in the file
    stack.undo()
    stack.undo()
    qtbot.waitUntil(lambda: not tool.pane.computing, timeout=60_000)
    assert tool.pane.solution is None

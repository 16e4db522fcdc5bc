from __future__ import annotations

import pytest

from spectracnn.geometry.options import SolveOptions
from spectracnn.geometry.read import read_mesh
from spectracnn.geometry.solve import as_spectrum, solve
from spectracnn.gui.dialogs.solving import SolvingDialog
from spectracnn.gui.tools.shape.pane import ShapePane, Wanted
from spectracnn.state.saving import SavedStateError, from_json, to_json
from tests.geometry.shapes import rectangle

OTHER = SolveOptions(
    k=30, lump=True, boundary="dirichlet", components="all", refine=1, robust=False
)
ROBUST = SolveOptions(k=20, robust=True)


@pytest.fixture
def sheet(tmp_path):
    path, mesh = tmp_path / "sheet.off", rectangle(9, 7, 2.0, 1.3)
    lines = [f"OFF\n{len(mesh.vertices)} {len(mesh.cells)} 0"]
    lines += [" ".join(map(repr, row)) for row in mesh.vertices.tolist()]
    lines += ["3 " + " ".join(map(str, row)) for row in mesh.cells.tolist()]
    path.write_text("\n".join(lines) + "\n")
    return path


@pytest.mark.parametrize("options", [SolveOptions(), OTHER, ROBUST])
def test_the_dialog_gives_back_what_it_shows(qtbot, options):
    dialog = SolvingDialog(options)
    qtbot.addWidget(dialog)
    assert dialog.options == options
    assert dialog.lump_box.isEnabled() is not options.robust


@pytest.mark.parametrize("options", [SolveOptions(k=20), OTHER, ROBUST])
def test_a_spectrum_says_how_it_was_solved(sheet, options):
    spectrum = as_spectrum(solve(read_mesh(sheet), options))
    assert SolveOptions.from_metadata(spectrum.metadata, k=options.k) == options


def test_words_of_other_programs_are_no_options():
    strange = {"Refine": "7", "Boundary": "open", "Components": "2", "Mass": "heavy"}
    assert SolveOptions.from_metadata(strange) == SolveOptions()


def test_options_are_saved_and_a_damaged_choice_is_a_sentence():
    saved = to_json(OTHER)
    assert from_json(saved) == OTHER
    with pytest.raises(SavedStateError, match="boundary: found 'open', expected one of neumann"):
        from_json({**saved, "boundary": "open"})


def test_meshes_are_solved_as_chosen_and_the_shape_follows(qtbot, program, sheet, monkeypatch):
    program.engine.answer_open()
    asked = []

    def choose(dialog):
        asked.append(dialog.again_button.text())
        dialog.refine_box.setValue(1)
        dialog.boundary_box.setCurrentIndex(1)
        dialog.k_box.setValue(12)
        dialog.again_button.click()
        return True

    workspace = program.workspace
    program.window.open_paths([sheet])
    qtbot.waitUntil(lambda: len(workspace.document.entries) == 1, timeout=240_000)
    monkeypatch.setattr(SolvingDialog, "exec", choose)
    program.window.commands.run("choose_solving")
    assert asked == ["Use, and compute sheet.off again"]
    assert workspace.choices.shape.solving.boundary == "dirichlet"
    qtbot.waitUntil(lambda: len(workspace.document.entries) == 2, timeout=240_000)
    first, second = (entry.spectrum for entry in workspace.document.entries)
    expected = solve(read_mesh(sheet), SolveOptions(k=12, boundary="dirichlet", refine=1))
    assert first.eigenvalues[0] == pytest.approx(0, abs=1e-9)
    assert second.eigenvalues == pytest.approx(expected.eigenvalues, rel=1e-9)
    # The shape has the vertices of its own spectrum's mesh, whichever is chosen now.
    pane = ShapePane()
    qtbot.addWidget(pane)
    for entry in workspace.document.entries:
        pane.follow(Wanted(entry.id, entry.spectrum))
        qtbot.waitUntil(lambda: pane.solution is not None, timeout=240_000)
        assert str(len(pane.solution.mesh.vertices)) == entry.spectrum.metadata["DoF"]
    pane.close_threads()
    workspace.editing.stack.undo()
    assert workspace.choices.shape.solving == SolveOptions()
    assert program.reader.meshes.options == SolveOptions()

"""The maps of a network that reads several structures, one of which is the shape's."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from spectracnn.core.attribution import Method
from spectracnn.core.card import ModelCard
from spectracnn.core.card_file import card_path, write_card
from spectracnn.core.outputs import Arrangement
from spectracnn.core.preprocessing import Preprocessing
from spectracnn.core.spectrum import Spectrum
from spectracnn.core.steps import DropZeros, Take
from spectracnn.geometry.fem import matrices
from spectracnn.geometry.options import SolveOptions
from spectracnn.geometry.solve import as_spectrum, solve
from spectracnn.nn.attribution.on_shape import maps_of
from spectracnn.nn.backend import load_keras
from spectracnn.nn.loading import open_model
from tests.geometry.shapes import sphere

if TYPE_CHECKING:
    from pathlib import Path

N = 16
ORDER = ("Thalamus", "Caudate", "Putamen")


def saved(folder: Path, arrangement: Arrangement) -> Any:
    _, keras = load_keras()
    keras.utils.set_random_seed(5)
    layers = keras.layers
    shape = (3 * N, 1) if arrangement is Arrangement.CONCATENATED else (N, 3)
    model = keras.Sequential(
        [
            keras.Input(shape),
            layers.Conv1D(4, 3, activation="tanh"),
            layers.Flatten(),
            layers.Dense(3, activation="softmax"),
        ]
    )
    path = folder / "model.keras"
    model.save(path)
    steps = Preprocessing((DropZeros(), Take(N)))
    card = ModelCard(steps, ("a", "b", "c"), structures=ORDER, arrangement=arrangement)
    write_card(card, card_path(path))
    return open_model(path)


@pytest.mark.parametrize("arrangement", [Arrangement.CONCATENATED, Arrangement.CHANNELS])
def test_the_maps_are_of_the_shapes_own_structure(tmp_path: Path, arrangement: Arrangement) -> None:
    model = saved(tmp_path, arrangement)
    mesh = sphere(3, 0.2)
    mesh = replace(mesh, vertices=mesh.vertices * [4.0, 4.7, 5.6])
    solution = solve(mesh, SolveOptions(k=30, lump=True, eigenfunctions=True))
    rng = np.random.default_rng(2)
    members = [
        Spectrum(name, np.cumsum(rng.uniform(0.1, 1, N + 1)), subject="s", structure=name)
        for name in ORDER
    ]
    known = as_spectrum(solution, name="mine", subject="s", structure="Caudate")
    members[1] = known
    maps, target = maps_of(
        model, solution, Method.GRADIENT_INPUT, known=known, companions=tuple(members)
    )

    def logit(factor: float) -> float:
        mine = replace(known, eigenvalues=known.eigenvalues * factor)
        values, _ = model.input_of(mine, (members[0], mine, members[2]))
        kept = model.scores.channels.kept(())
        return float(model.scores.logits(values[None], kept)[0, target])

    # Growing everywhere alike divides all eigenvalues; the others' structures stay.
    step = 1e-2
    slope = (logit(1 / (1 + step)) - logit(1 / (1 - step))) / (2 * step)
    weights = matrices(solution.mesh, lump=True)[1].diagonal()
    assert weights @ maps.sensitivity == pytest.approx(slope, rel=1e-2)
    assert abs(slope) > 1e-3
    assert (maps.mode_energy >= 0).all()
    assert weights @ maps.mode_energy > 0
    # The attribution is by gradient times input, and the input is the eigenvalues themselves.
    assert weights @ maps.mode_energy_signed == pytest.approx(
        -(weights @ maps.sensitivity), rel=1e-3
    )


def test_the_command_takes_the_files_of_the_other_structures(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from spectracnn.cli.main import main
    from spectracnn.geometry.write_maps import write_maps
    from spectracnn.io.write import write_ev

    saved(tmp_path, Arrangement.CONCATENATED)
    mesh = sphere(3, 0.2)
    mine = tmp_path / "Caudate.vtk"
    write_maps(mesh, {}, mine)
    rng = np.random.default_rng(2)
    others = []
    for name in ("Thalamus", "Putamen"):
        path = tmp_path / f"{name}.ev"
        write_ev(Spectrum(name, np.cumsum(rng.uniform(0.1, 1, N + 1))), path)
        others.append(str(path))
    out = tmp_path / "map.vtk"
    model = ["--model", str(tmp_path / "model.keras")]
    assert main(["explain", str(mine), *others, *model, "--surface", str(out)]) == 0
    text = out.read_text()
    assert "SCALARS sensitivity" in text
    assert "SCALARS mode_energy" in text
    capsys.readouterr()
    # One of three structures is too little, and a network of one structure takes one mesh.
    assert main(["explain", str(mine), *model, "--surface", str(tmp_path / "no.vtk")]) == 1
    assert "no.vtk" not in "".join(path.name for path in tmp_path.iterdir())
    assert main(["explain", str(mine), *others, "--surface", str(tmp_path / "no.vtk")]) != 0
    assert "takes one mesh; found 3 files" in capsys.readouterr().err

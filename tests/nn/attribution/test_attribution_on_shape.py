"""The maps against finite differences: density changed on a patch, solved again, run again."""

from __future__ import annotations

import dataclasses
import json
from functools import cache
from typing import TYPE_CHECKING

import meshio
import numpy as np
import pytest
from scipy import linalg

from spectracnn.cli.main import main
from spectracnn.core.attribution import Method
from spectracnn.core.mesh import Mesh
from spectracnn.geometry.fem import matrices
from spectracnn.geometry.morph import MorphRequest, direction_of, morphed
from spectracnn.geometry.options import SolveOptions
from spectracnn.geometry.solve import as_spectrum, solve
from spectracnn.geometry.surface_maps import per_eigenvalue, surface_maps
from spectracnn.nn.attribution.eigenvalues import eigenvalue_gradient
from spectracnn.nn.attribution.on_shape import maps_of
from spectracnn.nn.backend import load_keras
from spectracnn.nn.loading import open_model
from spectracnn.resources import default_model
from tests.geometry.shapes import sphere

if TYPE_CHECKING:
    from pathlib import Path


def ellipsoid() -> Mesh:
    mesh = sphere(3, 0.15)
    return Mesh("ellipsoid", mesh.vertices * [1.0, 1.3, 1.7], mesh.cells)


def dented() -> Mesh:
    mesh = sphere(3, 0.3)
    depth = 1 - 0.4 * np.exp(-4 * ((mesh.vertices - [0, 0, 1]) ** 2).sum(axis=1))
    return Mesh("dented", mesh.vertices * depth[:, None] * [1.1, 1.0, 0.9], mesh.cells)


def bumpy() -> Mesh:
    mesh = sphere(3, 0.25)
    return Mesh("bumpy", mesh.vertices * [40.0, 51.0, 37.0], mesh.cells)


@pytest.fixture(scope="module")
def model():
    return open_model(default_model())


@cache
def in_double_precision(model):
    """The network with its weights in float64: small differences would drown in float32."""
    _, keras = load_keras()
    original = model.network.model
    config = json.dumps(original.get_config()).replace("float32", "float64")
    copy = type(original).from_config(json.loads(config))
    copy.set_weights([weight.astype(np.float64) for weight in original.get_weights()])
    copy.layers[-1].activation = keras.activations.linear
    return copy


def logit(model, spectrum, target: int) -> float:
    values = model.description.card.preprocessing.apply(spectrum).values
    return float(np.asarray(in_double_precision(model)(values[None, :, None]))[0, target])


@pytest.mark.parametrize("make", [ellipsoid, dented, bumpy])
def test_the_sensitivity_is_that_of_finite_differences(model, make) -> None:
    solution = solve(make(), SolveOptions(k=140, lump=True, eigenfunctions=True))
    maps, target = maps_of(model, solution, Method.GRADIENT_INPUT)
    stiffness, mass = matrices(solution.mesh, lump=True)
    weights = mass.diagonal()
    # A patch that matters: the third of the vertices where the map is largest in size.
    centre = int(np.abs(maps.sensitivity).argmax())
    distance = np.linalg.norm(solution.mesh.vertices - solution.mesh.vertices[centre], axis=1)
    density = np.where(distance < np.quantile(distance, 0.3), 1.0, 0.0)
    # The network is linear in pieces: only small steps stay on one.
    measured = []
    for step in (1e-5, 5e-6, 2e-6):
        outcomes = []
        for sign in (-1, 1):
            changed = weights * (1 + sign * step * density)
            values = linalg.eigh(stiffness.toarray(), np.diag(changed), eigvals_only=True)[:140]
            spectrum = as_spectrum(solution, eigenvalues=values, area=float(changed.sum()))
            outcomes.append(logit(model, spectrum, target))
        measured.append((outcomes[1] - outcomes[0]) / (2 * step))
    predicted = float((weights * density * maps.sensitivity).sum())
    assert predicted == pytest.approx(np.median(measured), rel=0.01)


def test_the_gradient_goes_through_preprocessing(model) -> None:
    solution = solve(ellipsoid(), SolveOptions(k=130))
    spectrum = as_spectrum(solution)
    found = eigenvalue_gradient(model, spectrum)
    for place in (1, 7, 30, 60):
        misses = []
        for share in (1e-5, 3e-6, 1e-6):
            step = share * spectrum.eigenvalues[place]
            outcomes = []
            for sign in (-1, 1):
                moved = spectrum.eigenvalues.copy()
                moved[place] += sign * step
                changed = dataclasses.replace(spectrum, eigenvalues=moved)
                outcomes.append(logit(model, changed, found.target))
            measured = (outcomes[1] - outcomes[0]) / (2 * step)
            misses.append(abs(found.values[place] / measured - 1))
        assert min(misses) < 0.02
    assert not found.values[110:].any()
    assert found.values[0] == 0


def test_no_basis_of_an_eigenspace_changes_the_maps() -> None:
    rng = np.random.default_rng(0)
    values = np.array([0.0, 2.0, 2.0, 2.0, 6.0])
    functions = rng.standard_normal((50, 5))
    turned = functions.copy()
    turned[:, 1:4] = functions[:, 1:4] @ linalg.qr(rng.standard_normal((3, 3)))[0]
    shares, gradient = rng.standard_normal((2, 5))
    one = surface_maps(values, functions, shares, gradient)
    other = surface_maps(values, turned, shares, gradient)
    np.testing.assert_allclose(one.sensitivity, other.sensitivity)
    np.testing.assert_allclose(one.mode_energy, other.mode_energy)
    assert one.ambiguity.max() > 0
    alike = surface_maps(values, functions, shares, np.array([0, 3.0, 3.0, 3.0, 1.0]))
    assert alike.ambiguity.max() == 0


def test_the_mode_energy_adds_up_to_the_attribution() -> None:
    solution = solve(sphere(2, 0.2), SolveOptions(k=20, eigenfunctions=True, lump=True))
    shares = np.linspace(-1, 1, 20)
    maps = surface_maps(solution.eigenvalues, solution.eigenfunctions, shares, shares)
    weights = matrices(solution.mesh, lump=True)[1].diagonal()
    assert weights @ maps.mode_energy == pytest.approx(np.abs(shares).sum())
    assert weights @ maps.mode_energy_signed == pytest.approx(shares.sum())
    inputs = per_eigenvalue(np.ones((3, 2)), np.array([4, 5, 1]), 7)
    assert inputs.tolist() == [0, 2, 0, 0, 2, 2, 0]


def test_explain_writes_both_maps(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mesh = sphere(3, 0.2)
    path, out = tmp_path / "s.vtk", tmp_path / "maps.vtk"
    meshio.write(path, meshio.Mesh(mesh.vertices, [("triangle", mesh.cells)]))
    assert main(["explain", str(path), "--surface", str(out)]) == 0
    lines = out.read_text().splitlines()
    for name in ("mode_energy", "sensitivity"):
        assert f"SCALARS {name} double 1" in lines
    from spectracnn.geometry.read import read_mesh

    np.testing.assert_array_equal(read_mesh(out).cells, mesh.cells)
    gifti = tmp_path / "maps.gii"
    both = ["--surface", str(gifti), "--out", str(tmp_path / "a.csv")]
    assert main(["explain", str(path), *both]) == 0
    assert (tmp_path / "a.csv").exists()
    assert len(read_mesh(gifti).cells) == len(mesh.cells)
    capsys.readouterr()
    assert main(["explain", str(tmp_path / "a.csv"), "--surface", str(out)]) == 2
    assert main(["explain", str(path)]) == 2
    assert main(["explain", str(path), "--surface", str(tmp_path / "x.txt")]) == 2
    assert capsys.readouterr().err.count("\n") == 3


@pytest.mark.parametrize("make", [ellipsoid, dented])
def test_a_small_morph_changes_the_logit_as_the_sensitivity_says(model, make) -> None:
    solution = solve(make(), SolveOptions(k=140, eigenfunctions=True))
    maps, target = maps_of(model, solution, Method.GRADIENT_INPUT)
    direction = direction_of(maps.sensitivity)
    _, mass = matrices(solution.mesh)
    predicted = float(direction @ (mass @ maps.sensitivity))
    assert predicted > 0
    measured = []
    for step in (1e-4, 6e-5, 3e-5):
        low, high = (
            logit(model, morphed(MorphRequest(solution, direction, sign * step)), target)
            for sign in (-1, 1)
        )
        measured.append((high - low) / (2 * step))
    # The map has a quadratic piece between vertices, which the product above does not see.
    assert np.median(measured) == pytest.approx(predicted, rel=0.03)

"""An attribution exported from the window reads like one of the command's."""

from __future__ import annotations

import json
from dataclasses import replace

import h5py
import numpy as np
import pytest

from spectracnn.core.attribution import Attribution, AttributionOptions, Method
from spectracnn.core.edits import Scale
from spectracnn.errors import ExportError
from spectracnn.figures.values import export_values


@pytest.fixture
def explained(document):
    trace = document.traces[0]
    values = np.linspace(-3, 5, trace.input.shape[0], dtype=np.float32)[:, None]
    attribution = Attribution(
        Method.INTEGRATED_GRADIENTS,
        AttributionOptions(steps=32),
        1,
        values,
        trace.input,
        trace.positions,
        np.array([0.0, 2.0, 1.0], np.float32),
        completeness_error=0.25,
        baseline_logit=-1.5,
        points=96,
    )
    return replace(document, attribution=attribution)


def test_hdf5_is_laid_out_as_by_the_command(explained, selection, tmp_path):
    edited = explained.entries[0].with_edits((Scale(factor=2.0, first=1),))
    muted = replace(selection, muted=frozenset({(0, 1)}))
    out = tmp_path / "why.h5"
    export_values(explained.with_entries([edited]), muted, "attribution", out)
    shown = explained.attribution
    with h5py.File(out) as file:
        assert (file.attrs["format"], file.attrs["version"]) == ("spectracnn-attribution", 1)
        assert file.attrs["method"] == "integrated-gradients"
        assert file.attrs["option_steps"] == 32
        assert "arXiv:1703.01365" in file.attrs["method_source"]
        assert file.attrs["numpy_version"] == np.__version__
        assert file["classes"].asstr()[()].tolist() == list(explained.model.classes)
        np.testing.assert_array_equal(file["values"][0], shown.values)
        np.testing.assert_array_equal(file["input"][0], shown.input)
        np.testing.assert_array_equal(file["positions"][0], shown.positions)
        np.testing.assert_array_equal(file["logits"][0], [0, 2, 1])
        assert (file["target"][0], file["points"][0]) == (1, 96)
        assert (file["completeness_error"][0], file["baseline_logit"][0]) == (0.25, -1.5)
        eigenvalues = file["spectra/eigenvalues"][0]
        np.testing.assert_array_equal(eigenvalues, edited.spectrum.eigenvalues)
        origin = json.loads(file["provenance"].asstr()[()])
    # What the command cannot do, and a reader must know.
    assert origin["muted"] == [f"{explained.model.layers[0].name} 1"]
    assert len(origin["spectra"][0]["edits"]) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["why.h5"]


def test_csv_is_the_ranked_table(explained, selection, tmp_path):
    out = tmp_path / "why.csv"
    export_values(explained, selection, "attribution", out)
    lines = [line for line in out.read_text().splitlines() if not line.startswith("#")]
    assert lines[0] == "rank,index,input,attribution,share"
    assert float(lines[1].split(",")[3]) == 5.0
    assert len(lines) == 1 + explained.attribution.values.shape[0]


def test_without_an_attribution_no_file_is_left(document, selection, tmp_path):
    with pytest.raises(ExportError, match="none was requested"):
        export_values(document, selection, "attribution", tmp_path / "why.h5")
    assert not list(tmp_path.iterdir())

"""The whole network as a figure."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from matplotlib.patches import PathPatch
from matplotlib.text import Text
from small_network import make_document

from spectracnn.core.flows import INPUT, Flow, Flows, Group
from spectracnn.core.insight import Insight
from spectracnn.errors import ExportError
from spectracnn.figures.child import PreviewRequest, WriteRequest, drawing
from spectracnn.figures.export import export_figure, panel_figure
from spectracnn.figures.job import ExportChoice, FigureFile, Snapshot
from spectracnn.figures.style import active, make_style
from spectracnn.state.selection import Selection
from spectracnn.view.resolve import resolve


@pytest.fixture
def shown():
    """Contents, and the network with flows from layer to layer."""
    document = make_document()
    model, trace = document.model, document.traces[0]
    groups = tuple((Group((0,), 2.0), Group((1,), -1.0)) for _ in model.layers)
    flows = [Flow(INPUT, 0, np.array([[2.0, -1.0]]))]
    flows += [
        Flow(source, layer, np.array([[1.5, -0.5], [0.5, -0.5]]))
        for layer, info in enumerate(model.layers)
        for source in info.sources
    ]
    insight = Insight(1, (np.zeros(2),) * len(groups), flows=Flows(1, groups, tuple(flows)))
    trace = replace(trace, insight=insight)
    return resolve(document, Selection(current=0)), (model, trace)


@pytest.mark.parametrize("width", [None, 89, 183])
def test_every_layer_stands_on_the_page_with_its_bands(shown, width):
    contents, network = shown
    size = None if width is None else (round(width / 25.4 * 200), None)
    style = make_style("light", dpi=200, size=size)
    with active(style):
        figure = panel_figure(contents, "overview", style, network)
        figure.canvas.draw()
        (axes,) = figure.axes
        written = [text.get_text() for text in axes.findobj(Text)]
        assert "input" in written
        for info in network[0].layers:
            assert any(info.name.startswith(text.rstrip("\u2026")) for text in written if text)
        assert sum(isinstance(patch, PathPatch) for patch in axes.patches) >= len(network[0].layers)
        assert len(axes.images) == len([one for one in contents.layers if one.picture])
        if width is not None:
            assert figure.get_size_inches()[0] == pytest.approx(width / 25.4, abs=0.01)
        inside = figure.bbox
        for text in axes.texts:
            box = text.get_window_extent()
            assert inside.x0 <= box.x0 + 1
            assert box.x1 <= inside.x1 + 1
            assert inside.y0 <= box.y0 + 1
            assert box.y1 <= inside.y1 + 1


@pytest.mark.parametrize("suffix", ["png", "svg", "pdf"])
def test_it_is_written_in_every_format(shown, tmp_path, suffix):
    contents, network = shown
    path = tmp_path / f"overview.{suffix}"
    export_figure(contents, "overview", path, dpi=80, network=network, theme="dark")
    assert path.stat().st_size > 2000
    again = tmp_path / f"again.{suffix}"
    export_figure(contents, "overview", again, dpi=80, network=network, theme="dark")
    assert again.read_bytes() == path.read_bytes()


def test_the_drawing_process_knows_the_network(tmp_path):
    work = drawing()
    work(Snapshot.of(make_document(), Selection(current=0)), None)
    choice = ExportChoice(what="overview", dpi=60)
    work(WriteRequest(choice, FigureFile("overview", tmp_path / "a.png")), None)
    assert (tmp_path / "a.png").is_file()
    picture = work(PreviewRequest(choice, "overview"), None)
    assert picture.shape[0] > picture.shape[1] > 50


def test_without_a_network_there_is_a_sentence():
    style = make_style("light", dpi=80)
    with pytest.raises(ExportError, match="no network"), active(style):
        panel_figure(resolve(make_document(), Selection(current=0)), "overview", style)

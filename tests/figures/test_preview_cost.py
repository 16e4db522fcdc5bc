"""A preview is drawn once, and measured once: what the first one costs is what a person waits."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from spectracnn.figures.child import Picture, PreviewRequest, drawing
from spectracnn.figures.export import panel_figure
from spectracnn.figures.job import ExportChoice, Snapshot
from spectracnn.figures.style import make_style
from spectracnn.view.resolve import resolve


@pytest.fixture
def calls(monkeypatch):
    """How often matplotlib draws a figure, makes axes, and measures whole axes."""
    counted = Counter()

    def count(kind, name):
        plain = getattr(kind, name)

        def counting(self, *args, **kwargs):
            counted[name] += 1
            return plain(self, *args, **kwargs)

        monkeypatch.setattr(kind, name, counting)

    count(Figure, "draw")
    count(Figure, "add_axes")
    count(Axes, "get_tightbbox")
    return counted


def test_a_preview_of_the_whole_view_is_drawn_once(document, selection, calls):
    work = drawing()
    work(Snapshot.of(document, selection), None)
    calls.clear()
    picture = work(PreviewRequest(ExportChoice(), "all"), None)
    assert isinstance(picture, Picture)
    width, height = picture.shape
    assert len(picture.pixels) == 4 * width * height
    assert calls["draw"] == 1
    assert calls["get_tightbbox"] == 0
    layers = resolve(document, selection).layers
    # A row for the spectrum, the classes and each layer; layers alone have a colour bar.
    assert calls["add_axes"] == 2 + 2 * len(layers)


def test_what_is_seen_is_what_is_written(document, selection):
    """The preview, drawn another way, has the pixels of the file at the same resolution."""
    work = drawing()
    work(Snapshot.of(document, selection), None)
    shown = work(PreviewRequest(ExportChoice(dpi=100), "all"), None)
    contents = resolve(Snapshot.of(document, selection).document, selection)
    figure = panel_figure(contents, "all", make_style(dpi=100))
    figure.canvas.draw()
    written = np.asarray(figure.canvas.buffer_rgba())
    pixels = np.frombuffer(shown.pixels, np.uint8).reshape(*shown.shape[::-1], 4)
    assert pixels.shape == written.shape
    differ = np.abs(pixels.astype(int) - written.astype(int)).max(axis=2) > 16
    assert differ.mean() < 0.02

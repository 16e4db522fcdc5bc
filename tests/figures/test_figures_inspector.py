"""The inspector and what-if as figures: every number that the window shows, at any width."""

from __future__ import annotations

import pickle
from dataclasses import replace

import numpy as np
import pytest
from matplotlib.text import Text
from small_network import CLASSES, convolve, make_document

from spectracnn.core.weights import LayerWeights
from spectracnn.figures.job import MM_PER_INCH
from spectracnn.figures.style import make_style
from spectracnn.figures.tools import export_tool, tool_figure
from spectracnn.state.selection import Sample, Selection
from spectracnn.view.inspect.arithmetic import inspect, inspect_eigenvalue
from spectracnn.view.inspect.picture import eigenvalue_picture, inspector_picture
from spectracnn.view.inspect.records import line_texts
from spectracnn.view.resolve import resolve
from spectracnn.view.tool_pictures import ToolView, WhatIfPicture

REACH = (("conv1", 9, 40), ("a layer whose name is longer than there is room for", 0, 20))


def kernels():
    """The weights that small_network draws, in the same order."""
    rng = np.random.default_rng(3)
    first = rng.normal(size=(7, 1, 8))
    second = rng.normal(size=(5, 8, 12)) / 5
    return {
        0: LayerWeights(0, "Conv1D", {"kernel": first}),
        1: LayerWeights(1, "MaxPooling1D"),
        2: LayerWeights(2, "Conv1D", {"kernel": second}),
        3: LayerWeights(3, "GlobalAveragePooling1D"),
        4: LayerWeights(4, "Dense", {"kernel": rng.normal(size=(12, len(CLASSES)))}),
    }


def parts():
    document = make_document()
    return document.model, document.traces[0]


def picture(layer, step, channel=0, beside=None):
    model, trace = parts()
    weights = kernels()[layer]
    found = inspect(model, trace, weights, Sample(layer, step, channel))
    other = None
    if beside is not None:
        other = inspect(model, trace, weights, Sample(layer, step, beside))
    return inspector_picture(model, trace, found, other, reach=REACH)


def eigenvalue():
    document = make_document()
    spectrum = document.entries[0].spectrum
    return eigenvalue_picture(inspect_eigenvalue(spectrum, document.traces[0], 4), REACH)


def not_finite():
    model, trace = parts()
    kernel = kernels()[0].arrays["kernel"].copy()
    kernel[2, 0, 1] = np.nan
    broken = trace.input.copy()
    broken[6] = np.inf
    spoilt = replace(trace, input=broken)
    weights = LayerWeights(0, "Conv1D", {"kernel": kernel})
    return inspector_picture(model, spoilt, inspect(model, spoilt, weights, Sample(0, 6, 1)))


PICTURES = {
    "a convolution": lambda: picture(0, 12, 3),
    "a convolution over channels": lambda: picture(2, 7, 2),
    "two filters": lambda: picture(0, 0, 3, beside=5),
    "pooling": lambda: picture(1, 5, 2),
    "a mean": lambda: picture(3, 4),
    "classes": lambda: picture(4, 2),
    "an eigenvalue": eigenvalue,
    "numbers that are not finite": not_finite,
}


def words(figure):
    return [text.get_text() for text in figure.findobj(Text) if text.get_text()]


@pytest.mark.parametrize("name", list(PICTURES))
@pytest.mark.parametrize("width", [89, 183])
def test_nothing_is_cut_off_or_written_over(name, width):
    style = make_style(dpi=100, size=(round(width / MM_PER_INCH * 100), None))
    figure = tool_figure(PICTURES[name](), style)
    figure.canvas.draw()
    texts = [text for text in figure.findobj(Text) if text.get_text().strip()]
    boxes = [text.get_window_extent() for text in texts]
    for text, box in zip(texts, boxes, strict=True):
        assert text.get_fontsize() >= 6
        assert box.x0 >= -1, text
        assert box.x1 <= figure.bbox.x1 + 1, text
        assert box.y0 >= -1, text
        assert box.y1 <= figure.bbox.y1 + 1, text
    for place, box in enumerate(boxes):
        for other_place in range(place):
            other = boxes[other_place]
            across = min(box.x1, other.x1) - max(box.x0, other.x0)
            down = min(box.y1, other.y1) - max(box.y0, other.y0)
            high = min(box.height, other.height)
            assert across < 1 or down < 0.4 * high, (texts[place], texts[other_place])


def test_it_can_be_sent_to_another_process_and_is_written_in_every_format(tmp_path):
    view = pickle.loads(pickle.dumps(ToolView(picture(0, 12, 3), dark=True)))
    for kind, start in (("png", b"\x89PNG"), ("svg", b"<?xml"), ("pdf", b"%PDF")):
        path = tmp_path / f"view.{kind}"
        export_tool(view, path, {"model": {"sha256": "ab" * 32}}, width=89)
        assert path.read_bytes().startswith(start)
    assert b"ab" * 32 in (tmp_path / "view.svg").read_bytes()


def test_a_width_in_millimetres_is_kept_to_the_point(tmp_path):
    export_tool(ToolView(picture(1, 5, 2), dark=False), tmp_path / "a.svg", width=89)
    text = (tmp_path / "a.svg").read_text()
    width = float(text.split('width="')[1].split("pt")[0])
    assert abs(width * MM_PER_INCH / 72 - 89) < 0.1


def test_the_figure_says_the_numbers_of_the_window():
    shown = picture(0, 12, 3)
    written = words(tool_figure(shown, make_style(dpi=100)))
    for text in line_texts(shown.columns[0]):
        assert text in written
    assert shown.title in written
    assert any(word.startswith("\u2713 Adds up") for word in written)
    _, trace = parts()
    value = float(convolve(trace.input.astype(float), kernels()[0].arrays["kernel"])[12, 3])
    assert any(abs(float(t.replace("\u2212", "-")) - value) < 1e-4 for t in line_texts(
        [line for line in shown.columns[0] if line.symbol == "="]))  # fmt: skip


def what_if(changes=("scale by 2: eigenvalues from 3", "Muted: conv1: 3")):
    contents = resolve(make_document(), Selection(current=0, overlaid=frozenset({1, 2})))
    shares = contents.prediction.probabilities
    changed = replace(contents.prediction, reference=shares[::-1].copy())
    return WhatIfPicture("What if: a", replace(contents, prediction=changed), changes)


@pytest.mark.parametrize("width", [89, 183])
def test_what_if_has_the_current_spectrum_the_classes_and_the_changes(width):
    style = make_style(dpi=100, size=(round(width / MM_PER_INCH * 100), None))
    figure = tool_figure(what_if(), style)
    written = words(figure)
    assert "scale by 2: eigenvalues from 3" in written
    assert "Muted: conv1: 3" in written
    assert not any("number 1" in word or "number 2" in word for word in written)
    assert CLASSES[0] in written
    figure.canvas.draw()
    drawn = figure.get_tightbbox()
    assert drawn.x0 >= 0
    assert drawn.y0 >= 0
    assert drawn.x1 <= figure.get_figwidth()
    assert drawn.y1 <= figure.get_figheight()


def test_what_if_cuts_what_is_too_long_and_says_where_nothing_was_changed():
    many = tuple(f"scale by {n}: a long sentence about eigenvalues " * 5 for n in range(40))
    written = words(tool_figure(what_if(many), make_style(dpi=100)))
    assert "and 29 more" in written
    assert any(word.startswith("scale by 0") and word.endswith("\u2026") for word in written)
    assert any("Nothing was changed" in w for w in words(tool_figure(what_if(()), make_style())))

"""What the figures show, at any size and in both themes."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from types import MappingProxyType

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.collections import PolyCollection
from matplotlib.legend import Legend
from matplotlib.patches import Rectangle
from matplotlib.text import Text
from small_network import make_document

from spectracnn.core.trace import LayerInfo, LayerTrace
from spectracnn.errors import ExportError
from spectracnn.figures import draw
from spectracnn.figures.export import panel_figure
from spectracnn.figures.job import ExportChoice
from spectracnn.figures.style import TOKENS, make_style
from spectracnn.figures.text import number, shortened
from spectracnn.state.document import Document
from spectracnn.state.selection import (
    ColourRange,
    LayerMode,
    LayerOptions,
    RangeKind,
    Sample,
    Selection,
    Stage,
    with_colour_range,
)
from spectracnn.view.resolve import resolve


def pixels(figure):
    figure.canvas.draw()
    return np.asarray(figure.canvas.buffer_rgba())[..., :3]


def main_axes(figure):
    return [axes for axes in figure.axes if axes.get_label() == "row"]


def lines_of(*layers, stage=Stage.AFTER):
    options = LayerOptions(LayerMode.LINES, stage)
    return MappingProxyType(dict.fromkeys(layers, options))


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("panel", ["spectrum", "prediction", "all", 4])
def test_every_panel_is_drawn_on_the_ground_of_its_theme(document, selection, panel, theme):
    contents = resolve(document, selection)
    image = pixels(panel_figure(contents, panel, make_style(theme, dpi=80)))
    ground = tuple(int(TOKENS[theme].ground[i : i + 2], 16) for i in (1, 3, 5))
    assert tuple(image[0, 0]) == ground
    assert (image != ground).any(axis=2).mean() > 0.01


def test_unknown_panels_are_refused_in_a_sentence(document, selection):
    contents = resolve(document, selection)
    with pytest.raises(ExportError, match="no layer 9; the model has 5"):
        panel_figure(contents, 9, make_style())
    with pytest.raises(ExportError, match="A panel is"):
        panel_figure(contents, "nonsense", make_style())


def test_axes_of_a_stack_are_aligned_to_the_pixel(document, selection):
    figure = draw.layers_figure(resolve(document, selection), make_style(dpi=120))
    figure.canvas.draw()
    edges = {(round(a.bbox.x0, 3), round(a.bbox.x1, 3)) for a in main_axes(figure)}
    assert len(edges) == 1
    limits = {a.get_xlim() for a in main_axes(figure)[:4]}
    assert limits == {(-0.5, 40.5)}


def test_rows_of_a_stack_do_not_overlap(document, selection):
    for size in (None, (400, 300)):
        style = make_style(dpi=200, size=size)
        figure = draw.layers_figure(resolve(document, selection), style, with_prediction=True)
        figure.canvas.draw()
        boxes = [axes.get_tightbbox() for axes in main_axes(figure)]
        for upper, lower in pairwise(boxes):
            assert upper.y0 > lower.y1 - 2
        legend = figure.legends[0].get_window_extent()
        assert legend.y1 <= boxes[-1].y0 + 2
        assert legend.x0 >= 0
        assert legend.x1 <= figure.bbox.width


@pytest.mark.parametrize("panel", ["spectrum", "prediction", 0])
@pytest.mark.parametrize("size", [(400, 300), (3000, 2000)])
def test_the_size_is_exact_and_text_stays_inside_and_readable(document, selection, panel, size):
    figure = panel_figure(resolve(document, selection), panel, make_style(dpi=200, size=size))
    image = pixels(figure)
    assert image.shape[1::-1] == size
    texts = [text for axes in figure.axes for text in texts_on(axes) if text.get_text()]
    assert len(texts) > 5
    for text in texts:
        box = text.get_window_extent()
        assert box.x0 >= -1
        assert box.x1 <= size[0] + 1
        assert text.get_fontsize() * 200 / 72 >= 9


def texts_on(axes):
    """All texts but the labels of ticks that lie outside of the axis."""
    (left, right), (low, high) = sorted(axes.get_xlim()), sorted(axes.get_ylim())
    across = [t for t in axes.get_xticklabels() if left <= t.get_position()[0] <= right]
    up = [t for t in axes.get_yticklabels() if low <= t.get_position()[1] <= high]
    return [*across, *up, *axes.texts, axes.xaxis.label, axes.yaxis.label]


def test_a_stack_too_small_for_its_rows_grows_in_height_only(document, selection):
    style = make_style(dpi=200, size=(400, 100))
    height, width = pixels(draw.layers_figure(resolve(document, selection), style)).shape[:2]
    assert width == 400
    assert height > 200


def test_zero_of_a_signed_map_is_exactly_the_ground_colour(document, selection):
    trace = document.traces[0]
    values = trace.layers[2].output.copy()
    values[:, 3] = 0.0
    layers = (*trace.layers[:2], LayerTrace(values), *trace.layers[3:])
    contents = resolve(document.with_trace(0, replace(trace, layers=layers)), selection)
    for theme, colour in (("light", 255), ("dark", 0)):
        figure = draw.layer_figure(contents, 2, make_style(theme, dpi=100))
        image = pixels(figure)
        x, y = figure.axes[0].transData.transform((20.0, 3.0))
        assert (image[image.shape[0] - int(y), int(x)] == colour).all()


def test_a_chosen_colour_range_is_exported(document, selection):
    chosen = with_colour_range(selection, 0, ColourRange(RangeKind.OWN, 0.0, 0.01))
    contents = resolve(document, chosen)
    figure = draw.layer_figure(contents, 0, make_style(dpi=100))
    assert figure.axes[0].images[0].get_clim() == contents.layers[0].picture.levels
    above = contents.layers[0].picture.clipped.above
    assert above > 0
    assert any(f"{above} cells above" in text.get_text() for text in figure.axes[0].texts)


def test_values_that_are_not_finite_are_hatched_and_counted(document, selection):
    trace = document.traces[0]
    values = trace.layers[2].output.copy()
    values[2:4, 5] = np.nan
    values[6, 1] = np.inf
    layers = (*trace.layers[:2], LayerTrace(values), *trace.layers[3:])
    contents = resolve(document.with_trace(0, replace(trace, layers=layers)), selection)
    figure = draw.layer_figure(contents, 2, make_style(dpi=100))
    hatched = [p for p in figure.axes[0].patches if isinstance(p, Rectangle) and p.get_hatch()]
    assert len(hatched) == 1
    assert any("3 values not finite" in text.get_text() for text in figure.axes[0].texts)
    assert figure.axes[0].images[0].get_array().mask.sum() == 3


def test_a_gap_in_a_spectrum_is_hatched(document, selection):
    entry = document.entries[0]
    values = entry.spectrum.eigenvalues.copy()
    values[50:53] = np.nan
    gapped = replace(entry, spectrum=replace(entry.spectrum, eigenvalues=values))
    contents = resolve(document.with_entries([gapped]), selection)
    figure = draw.spectrum_figure(contents, make_style(dpi=80))
    spans = [p for p in figure.axes[0].patches if p.get_hatch()]
    assert [(p.get_x(), p.get_width()) for p in spans] == [(49.5, 3.0)]


def test_legends_are_cut_with_a_count_and_keep_the_current_spectrum(document):
    many = make_document(60)
    selection = Selection(current=59, overlaid=frozenset(range(60)))
    figure = draw.spectrum_figure(resolve(many, selection), make_style(dpi=100))
    names = [text.get_text() for text in figure.legends[0].get_texts()]
    assert names[0] == "_shape $x$ number 59"
    # 60 spectra and the tint of what is not read.
    assert names[-1] == f"+ {61 - (len(names) - 1)} more"
    figure.canvas.draw()
    legend = figure.legends[0].get_window_extent()
    assert legend.y1 <= figure.axes[0].get_tightbbox().y0 + 1
    assert legend.y0 >= 0


def test_names_are_shown_as_they_are(document, selection):
    figure = draw.spectrum_figure(resolve(document, selection), make_style(dpi=80))
    names = [text.get_text() for text in figure.legends[0].get_texts()]
    assert names[:3] == [f"_shape $x$ number {i}" for i in (0, 1, 2)]


def test_pooled_outputs_are_steps_over_thin_curves_of_what_they_pooled(document, selection):
    chosen = MappingProxyType({1: LayerOptions(LayerMode.LINES, channels=(2,))})
    contents = resolve(document, replace(selection, layers=chosen))
    figure = draw.layer_figure(contents, 1, make_style(dpi=80))
    before, steps = [line for line in figure.axes[0].lines if len(line.get_xdata()) > 2]
    assert before.get_linestyle() == ":"
    assert len(before.get_xdata()) == 40
    pooled = document.traces[0].layers[1].output[:, 2]
    np.testing.assert_allclose(steps.get_ydata(), np.repeat(pooled, 2))
    # The pooled pair 1, 2 of the file's indices is a step from 0.5 to 2.5.
    np.testing.assert_allclose(steps.get_xdata()[:2], [0.5, 2.5])


def test_the_line_view_of_a_stack_keys_channels_beside_the_row(document, selection):
    contents = resolve(document, replace(selection, layers=lines_of(0)))
    figure = draw.layers_figure(contents, make_style(dpi=80))
    (side,) = (axes for axes in figure.axes[:3] if axes.get_label() == "side")
    beside = [text.get_text() for text in side.texts]
    assert beside == [
        curve.name.removeprefix("channel ") for curve in contents.layers[0].picture.curves
    ]
    assert not any("channel" in t.get_text() for t in figure.legends[0].get_texts())


def test_before_and_after_activation_differ_and_say_so(document, selection):
    before = replace(selection, layers=MappingProxyType({0: LayerOptions(stage=Stage.BEFORE)}))
    for chosen, words in ((selection, "after activation"), (before, "before activation")):
        figure = draw.layer_figure(resolve(document, chosen), 0, make_style(dpi=100))
        assert any(words in text.get_text() for text in figure.axes[0].texts)


def test_a_pinned_sample_shows_its_field_and_its_cell(document, selection):
    contents = resolve(document, replace(selection, pinned=Sample(0, 10, 2)))
    figure = draw.layers_figure(contents, make_style(dpi=80))
    spectrum, conv1 = main_axes(figure)[:2]
    # Kernel 7 at input 10, which is index 11 of the file: indices 8 to 14, half a one beyond.
    assert (7.5, 7.0) in [(p.get_x(), p.get_width()) for p in spectrum.patches]
    cells = [p for p in conv1.patches if p.get_y() == 1.5 and p.get_height() == 1.0]
    assert [(p.get_x(), p.get_width()) for p in cells] == [(10.5, 1.0)]


def test_logarithmic_axes_have_the_ticks_of_the_view(document, selection):
    contents = resolve(document, replace(selection, log_value=True, log_index=True))
    axes = draw.spectrum_figure(contents, make_style(dpi=100)).axes[0]
    shown = [text.get_text() for text in axes.get_xticklabels()]
    assert shown[:2] == ["0", "1"]
    np.testing.assert_allclose(axes.get_xticks()[:2], [0, np.log10(2)])
    line = max(axes.lines, key=lambda item: item.get_linewidth())
    scale = contents.spectrum.value_scale
    np.testing.assert_allclose(line.get_ydata(), scale.forward(contents.spectrum.curves[-1].y))


@pytest.mark.parametrize(("name", "width"), [("column", 89), ("page", 183)])
def test_a_journal_figure_is_as_wide_as_asked_and_fits_a_page(document, selection, name, width):
    choice = ExportChoice(size=name, dpi=300, height=70)
    style = make_style(dpi=300, size=choice.pixels)
    assert style.font_size >= 6
    for panel in ("all", "spectrum", 0):
        figure = panel_figure(resolve(document, selection), panel, style)
        across, high = (float(side) * 25.4 for side in figure.get_size_inches())
        assert across == pytest.approx(width, abs=0.2)
        assert high <= 245
    assert high < across


def wide_document(document, channels):
    """The same network with a flattened layer of many units before its last one."""
    model, trace = document.model, document.traces[0]
    flat = LayerInfo("flat", "Flatten", (channels,), sources=(3,))
    values = LayerTrace(np.linspace(0, 1, channels, dtype=np.float32))
    layers = (*model.layers[:4], flat, *model.layers[4:])
    traces = (*trace.layers[:4], values, *trace.layers[4:])
    changed = replace(document, model=replace(model, layers=layers))
    return changed.with_trace(0, replace(trace, layers=traces))


def words_of(figure):
    texts = [text for axes in figure.axes for text in axes.findobj(Text)]
    return " ".join(text.get_text() for text in texts)


def test_strips_finer_than_hairlines_are_dropped_and_named(document, selection):
    contents = resolve(wide_document(document, 900), selection)
    narrow = make_style(dpi=200, size=(701, None))
    figure = draw.layers_figure(contents, narrow, with_prediction=True)
    assert "Not drawn, for want of room: flat" in words_of(figure)
    wide = make_style(dpi=200, size=(1441, None))
    assert "Not drawn" not in words_of(draw.layers_figure(contents, wide))


def test_maps_of_a_column_are_high_enough_to_read(document, selection):
    style = make_style(dpi=200, size=(701, None))
    figure = draw.layers_figure(resolve(document, selection), style, with_prediction=True)
    for axes in main_axes(figure):
        if axes.images and axes.images[0].get_array().shape[0] > 1:
            assert axes.bbox.height * 72 / 200 >= 20


def test_collapsed_layers_are_left_out(document, selection):
    collapsed = MappingProxyType({1: LayerOptions(collapsed=True)})
    contents = resolve(document, replace(selection, layers=collapsed))
    figure = draw.layers_figure(contents, make_style(dpi=60))
    assert len(main_axes(figure)) == 1 + 4


def test_few_bars_say_how_many_classes_are_left_out(document, selection):
    style = make_style(dpi=100, size=(300, 100))
    figure = draw.prediction_figure(resolve(document, selection), style)
    labels = [text.get_text() for text in figure.axes[0].get_yticklabels()]
    shown = len(labels) - 1
    assert labels[-1] == f"+ {6 - shown} more"


@pytest.mark.parametrize("panel", ["spectrum", "layers", "prediction", "all"])
def test_empty_documents_draw_a_message(panel):
    contents = resolve(Document(), Selection())
    figure = panel_figure(contents, panel, make_style(dpi=60))
    pixels(figure)
    words = " ".join(text.get_text() for axes in figure.axes for text in axes.texts)
    assert words


def test_layers_without_a_trace_say_so(document, selection):
    contents = resolve(document.with_trace(0, None), selection)
    figure = draw.layer_figure(contents, 0, make_style(dpi=60))
    assert any("not answered" in text.get_text() for text in figure.axes[0].texts)


def test_drawing_leaves_matplotlibs_settings_alone(document, selection):
    before = dict(mpl.rcParams)
    pixels(draw.spectrum_figure(resolve(document, selection), make_style("dark", dpi=60)))
    assert dict(mpl.rcParams) == before


@pytest.mark.parametrize(
    "wrong", [{"theme": "blue"}, {"dpi": 1}, {"size": (10, 10)}, {"font_size": 500}]
)
def test_impossible_styles_are_refused(wrong):
    with pytest.raises(ExportError):
        make_style(**wrong)


def test_numbers_and_names_are_short():
    assert [number(v) for v in (0.0, 1e-5, -2e-5, 1500.0)] == [
        "0",
        "10\u207b\u2075",
        "\u22122\u00b710\u207b\u2075",
        "1500",
    ]
    assert shortened("abcdefghij", 6) == "abc\u2026ij"


def test_an_attribution_is_drawn_tabled_and_told_of(document, selection):

    from spectracnn.core.attribution import Attribution, AttributionOptions, Method
    from spectracnn.figures.draw import attribution_figure
    from spectracnn.figures.provenance import provenance
    from spectracnn.figures.tables import panel_table

    trace = document.traces[0]
    values = np.linspace(-3, 5, trace.input.shape[0], dtype=np.float32)[:, None]
    attribution = Attribution(
        Method.OCCLUSION,
        AttributionOptions(window=7),
        1,
        values,
        trace.input,
        trace.positions,
        np.array([0.0, 2.0, 1.0], np.float32),
    )
    explained = replace(document, attribution=attribution)
    contents = resolve(explained, selection)
    figure = attribution_figure(contents, make_style())
    axes = main_axes(figure)[1]
    said = [text.get_text() for text in axes.findobj(Text) if text.get_gid() == "subtitle"]
    assert said == [contents.attribution.caption]
    legend = [text.get_text() for text in figure.findobj(Legend)[0].get_texts()]
    target = document.model.classes[1]
    assert legend[:2] == [f"speaks for {target}", f"speaks against {target}"]
    (bars,) = (item for item in axes.collections if isinstance(item, PolyCollection))
    heights = [path.vertices[1, 1] for path in bars.get_paths()]
    np.testing.assert_allclose(sorted(heights), np.sort(values[:, 0]), rtol=1e-6)
    table = panel_table(contents, "attribution")
    assert table.header == ("rank", "index", "input", "attribution", "share")
    assert table.columns[3][0] == 5.0
    record = provenance(explained, selection)["attribution"]
    assert record["class"] == document.model.classes[1]
    assert (record["method"], record["options"]["window"]) == ("occlusion", 7)
    with pytest.raises(ExportError, match="none was requested"):
        panel_table(resolve(document, selection), "attribution")

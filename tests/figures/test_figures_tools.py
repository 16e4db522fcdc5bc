"""Views of the Explain menu as figures: what they hold, in every format."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.text import Text
from small_network import make_document

from spectracnn.errors import ExportError
from spectracnn.figures.style import make_style
from spectracnn.figures.tools import export_tool, tool_figure
from spectracnn.state.selection import Selection
from spectracnn.state.tools import Ranking
from spectracnn.view.filters import Filter
from spectracnn.view.palettes import Palette
from spectracnn.view.resolve import resolve
from spectracnn.view.tool_pictures import (
    ComparePicture,
    FiltersPicture,
    MultiplesPicture,
    PointsPicture,
    StatisticsPicture,
    ToolView,
)

RNG = np.random.default_rng(6)


def points():
    places = RNG.normal(size=(12, 2))
    places[3] = np.nan
    places[5] = places[4] + 1e-4  # their names would lie over each other
    return PointsPicture(
        places,
        tuple(f"spectrum $x$ {i}" for i in range(12)),
        ("#0072B2", "#D55E00") * 6,
        ("\u25cf", "\u25a0") * 6,
        (("ant", "#0072B2", "\u25cf"), ("bee", "#D55E00", "\u25a0")),
        ("component 1  (60 % of the variance)", "component 2  (20 % of the variance)"),
        4,
    )


def statistics():
    correlation = np.corrcoef(RNG.normal(size=(8, 30)))
    correlation[2] = correlation[:, 2] = np.nan
    dead = np.arange(8) == 2
    return StatisticsPicture("Filters of conv", *np.abs(RNG.normal(size=(3, 8))), dead, correlation)


def multiples():
    maps = tuple(RNG.normal(size=(20, 6)).astype(np.float32) for _ in range(5))
    maps[1][2, 3] = np.nan
    names = ("a", "a very long name of a spectrum that goes on", "c", "d", "e")
    return MultiplesPicture("conv", names, maps, Palette.SIGNED, (-2.0, 2.0))


def compare():
    return ComparePicture(resolve(make_document(), Selection(current=0)))


def filters():
    kernels = RNG.normal(size=(70, 5, 3))
    kernels[1, 2, 0] = np.nan
    made = tuple(
        Filter(n, kernel, 0, np.abs(RNG.normal(size=33)), float(n))
        for n, kernel in enumerate(kernels)
    )
    return FiltersPicture("Filters of conv", made, Ranking.NORM)


def image_filters():
    draw = np.random.default_rng(7)
    kernels = draw.normal(size=(7, 6, 3))
    made = tuple(
        Filter(n, kernel, 1, np.abs(draw.normal(size=(32, 17))), float(n))
        for n, kernel in enumerate(kernels)
    )
    return FiltersPicture("Filters of conv", made, Ranking.NORM, (2, 3))


PICTURES = {
    "filters": filters,
    "image filters": image_filters,
    "points": points,
    "statistics": statistics,
    "multiples": multiples,
    "compare": compare,
}


def words(figure):
    return [text.get_text() for text in figure.findobj(Text)]


@pytest.mark.parametrize("name", list(PICTURES))
@pytest.mark.parametrize("dark", [False, True])
def test_every_view_is_written_in_every_format(tmp_path, name, dark):
    view = ToolView(PICTURES[name](), dark)
    for kind, start in (("png", b"\x89PNG"), ("svg", b"<?xml"), ("pdf", b"%PDF")):
        path = tmp_path / f"view.{kind}"
        export_tool(view, path, {"model": {"sha256": "ab" * 32}})
        assert path.read_bytes().startswith(start)
    with pytest.raises(ExportError, match="a figure is a"):
        export_tool(view, tmp_path / "view.docx")
    assert len(list(tmp_path.iterdir())) == 3


def test_names_of_points_do_not_overlap():
    figure = tool_figure(points(), make_style(dpi=100))
    named = [text for text in figure.findobj(Text) if text.get_text().startswith("spectrum")]
    assert 3 < len(named) <= 11
    assert "spectrum $x$ 4" in [text.get_text() for text in named]
    boxes = [text.get_window_extent() for text in named]
    for place, box in enumerate(boxes):
        assert not any(box.overlaps(other) for other in boxes[place + 1 :])


def test_maps_share_one_colour_range():
    figure = tool_figure(multiples(), make_style(dpi=100))
    images = [image for axes in figure.axes for image in axes.images]
    assert len(images) == 5
    assert {image.get_clim() for image in images} == {(-2.0, 2.0)}
    assert np.ma.count_masked(images[1].get_array()) == 1


def test_statistics_hold_their_numbers():
    picture = statistics()
    figure = tool_figure(picture, make_style(dpi=100))
    heights = [bar.get_height() for bar in figure.axes[0].patches]
    np.testing.assert_allclose(heights, picture.mean)
    image = next(image for axes in figure.axes for image in axes.images)
    assert np.ma.count_masked(image.get_array()) == 15
    assert "filter (red: dead)" in words(figure)


@pytest.mark.parametrize("name", list(PICTURES))
@pytest.mark.parametrize("width", [89, 183])
def test_a_view_fits_a_journal_and_its_page(name, width):
    style = make_style(dpi=100, size=(round(width / 25.4 * 100), None))
    figure = tool_figure(PICTURES[name](), style)
    drawn = figure.get_tightbbox()
    assert drawn.x0 >= 0
    assert drawn.y0 >= 0
    assert drawn.x1 <= figure.get_figwidth()
    assert drawn.y1 <= figure.get_figheight() <= 9.61
    for text in figure.findobj(Text):
        assert text.get_fontsize() >= 6, text


@pytest.mark.parametrize("width", [89, 183])
def test_names_of_maps_do_not_run_into_each_other(width):
    style = make_style(dpi=100, size=(round(width / 25.4 * 100), None))
    figure = tool_figure(multiples(), style)
    titles = [t for t in figure.findobj(Text) if t.get_gid() == "title" and t.get_text()]
    assert len(titles) == 5
    boxes = [title.get_window_extent() for title in titles]
    for place, box in enumerate(boxes):
        assert not any(box.overlaps(other) for other in boxes[:place])

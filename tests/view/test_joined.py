"""Structures one after the other: named by structure and eigenvalue."""

from __future__ import annotations

from types import MappingProxyType

import numpy as np

from spectracnn.core.card import ModelCard
from spectracnn.core.fields import ReceptiveField
from spectracnn.core.outputs import Arrangement
from spectracnn.core.preprocessing import Preprocessing
from spectracnn.core.spectrum import Spectrum
from spectracnn.core.steps import Take
from spectracnn.core.trace import LayerInfo, LayerTrace, ModelDescription, Trace
from spectracnn.state.document import Document, Entry
from spectracnn.state.selection import SPECTRUM, Sample, Selection, SpectrumMode
from spectracnn.view.joined import run_names, sample_name
from spectracnn.view.marks import readout
from spectracnn.view.resolve import resolve

EACH, NAMES = 5, ("CST_L", "ThalRadL")


def make():
    steps = EACH * len(NAMES)
    field = ReceptiveField.of_input(steps)
    layer = LayerInfo("conv", "Conv1D", (steps, 2), field=field)
    card = ModelCard(Preprocessing((Take(EACH),)), ("a", "b"), structures=NAMES)
    model = ModelDescription(
        "m", "m.keras", "0", (steps, 1), (layer,), ("a", "b"), card, 8, structures=NAMES,
        arrangement=Arrangement.CONCATENATED,
    )  # fmt: skip
    positions = np.tile(np.arange(1, EACH + 1), 2)
    values = np.arange(float(steps))[:, None]
    output = LayerTrace(np.ones((steps, 2)))
    trace = Trace("0", values, positions, (output,), np.array([0.3, 0.7]))
    entry = Entry(1, Spectrum("s", np.arange(8.0), subject="s", structure="CST_L"))
    return Document((entry,), model, MappingProxyType({1: trace}))


def test_samples_and_fields_are_named():
    document = make()
    model, positions = document.model, document.traces[1].positions
    assert sample_name(model, positions, 7) == "ThalRadL, 3"
    assert run_names(model, positions, [(3, 6)]) == "CST_L 4\u20135, ThalRadL 1\u20132"


def test_the_plot_and_the_readout_show_all_structures():
    document = make()
    contents = resolve(document, Selection(current=1, spectrum_mode=SpectrumMode.MODEL_INPUT))
    assert [name for _, name in contents.spectrum.seams] == list(NAMES)
    assert contents.spectrum.curves[-1].x.size == 2 * EACH
    assert contents.index_range[1] >= EACH * 2
    again = Selection(current=1, spectrum_mode=SpectrumMode.MODEL_INPUT)
    assert contents.spectrum is resolve(document, again).spectrum
    hovered = Selection(current=1, pinned=Sample(0, 7, 1))
    assert "ThalRadL 3" in readout(document, hovered)
    on_plot = Selection(current=1, pinned=Sample(SPECTRUM, 8, 0))
    assert readout(document, on_plot).startswith("ThalRadL, 3")

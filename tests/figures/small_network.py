"""A small network computed with NumPy: these tests need no Keras."""

from __future__ import annotations

import numpy as np

from spectracnn.core.card import ModelCard
from spectracnn.core.fields import ReceptiveField
from spectracnn.core.preprocessing import Preprocessing
from spectracnn.core.spectrum import Kind, Spectrum
from spectracnn.core.trace import LayerInfo, LayerTrace, ModelDescription, Trace
from spectracnn.state.document import Document, Entry

N = 40
CLASSES = ("human", "cup", "glasses", "airplane", "$ant_1$", "chair")
STEPS = [
    {"step": "drop_zeros"},
    {"step": "take", "n": N},
    {"step": "divide_by_index"},
    {"step": "log"},
    {"step": "subtract_mean"},
]


def window_field(source: ReceptiveField, size: int, stride: int, same: bool) -> ReceptiveField:
    """Return the field of a sliding window over a layer."""
    left = (size - 1) // 2 if same else 0
    steps = source.steps // stride if same else (source.steps - size) // stride + 1
    mask = np.zeros((steps, source.mask.shape[1]), bool)
    start, stop = np.zeros(steps), np.zeros(steps)
    for step in range(steps):
        first = step * stride - left
        reads = [i for i in range(first, first + size) if 0 <= i < source.steps]
        mask[step] = source.mask[reads].any(axis=0)
        start[step] = source.start[0] + first * source.jump
        stop[step] = source.stop[0] + (first + size - 1) * source.jump
    return ReceptiveField(mask, start, stop, int(stop[0] - start[0]) + 1, source.jump * stride)


def convolve(values, kernel):
    size = kernel.shape[0]
    left = (size - 1) // 2
    padded = np.pad(values, ((left, size - 1 - left), (0, 0)))
    windows = np.stack([padded[i : i + size] for i in range(values.shape[0])])
    return np.einsum("nsc,sco->no", windows, kernel)


def softmax(x):
    e = np.exp(x - x.max())
    return e / e.sum()


def layers_and_trace(spectrum: Spectrum, preprocessing: Preprocessing, channels: int):
    rng = np.random.default_rng(3)
    working = preprocessing.apply(spectrum)
    x = working.values[:, None].astype(np.float32)
    field0 = ReceptiveField.of_input(N)
    before1 = convolve(x, rng.normal(size=(7, 1, channels))).astype(np.float32)
    conv1 = np.maximum(before1, 0)
    field1 = window_field(field0, 7, 1, True)
    pool = conv1.reshape(N // 2, 2, channels).max(axis=1)
    field2 = window_field(field1, 2, 2, True)
    before2 = convolve(pool, rng.normal(size=(5, channels, 12)) / 5).astype(np.float32)
    field3 = window_field(field2, 5, 1, True)
    mean = np.maximum(before2, 0).mean(axis=0)
    logits = (mean @ rng.normal(size=(12, len(CLASSES)))).astype(np.float32)
    everything = ReceptiveField.everything(1, N)
    infos = (
        LayerInfo("conv1", "Conv1D", (N, channels), 64, "relu", 7, 1, 1, "same", field=field1),
        LayerInfo(
            "pool1",
            "MaxPooling1D",
            (N // 2, channels),
            0,
            "",
            2,
            2,
            None,
            "same",
            True,
            field2,
            (0,),
        ),
        LayerInfo(
            "conv2", "Conv1D", (N // 2, 12), 480, "", 5, 1, 1, "same", field=field3, sources=(1,)
        ),
        LayerInfo("average", "GlobalAveragePooling1D", (12,), field=everything, sources=(2,)),
        LayerInfo("dense", "Dense", (len(CLASSES),), 78, "softmax", field=everything, sources=(3,)),
    )
    layers = (
        LayerTrace(conv1, before1),
        LayerTrace(pool),
        LayerTrace(before2),
        LayerTrace(mean.astype(np.float32)),
        LayerTrace(softmax(logits), logits),
    )
    trace = Trace("ab" * 32, x, working.positions, layers, softmax(logits))
    return infos, trace


def make_document(count: int = 3, channels: int = 8, source=None) -> Document:
    preprocessing = Preprocessing.from_json(STEPS)
    rng = np.random.default_rng(1)
    k = np.arange(61)
    spectra = []
    for i in range(count):
        values = 1e-3 * (i + 1) * k * (1 + 0.2 * np.sin(k / (3 + i)) * np.exp(-k / 40))
        values = values + np.where(k > 0, rng.uniform(0, 4e-4, k.size), 0)
        name = f"_shape $x$ number {i}"
        area = 12.5 if i != 1 else None
        spectra.append(Spectrum(name, np.sort(values), Kind.SURFACE, area, source=source))
    infos, trace = layers_and_trace(spectra[0], preprocessing, channels)
    card = ModelCard(preprocessing, CLASSES)
    model = ModelDescription("small", "small.keras", "ab" * 32, (N, 1), infos, CLASSES, card, 622)
    entries = tuple(Entry(i, spectrum) for i, spectrum in enumerate(spectra))
    document = Document(entries, model).with_trace(0, trace)
    return document.with_entries([Entry(0, spectra[0], trace.probabilities)])

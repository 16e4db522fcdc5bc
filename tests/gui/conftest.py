"""The window without an engine: a fake that answers when told, and a network worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from types import SimpleNamespace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication
from shiboken6 import delete

from spectracnn.core.card import Evaluation, ModelCard
from spectracnn.core.fields import ReceptiveField
from spectracnn.core.preprocessing import Preprocessing
from spectracnn.core.spectrum import Kind, Spectrum
from spectracnn.core.trace import LayerInfo, LayerTrace, ModelDescription, Trace
from spectracnn.engine.broker import Broker
from spectracnn.engine.messages import (
    BatchPredictions,
    Failed,
    OpenModel,
    PartialPredictions,
    PredictSpectra,
    Succeeded,
    TraceSpectrum,
)
from spectracnn.errors import PreprocessingError

INPUTS, POOL = 12, 2
CLASSES = ("cup", "human", "teddy")
KERNEL = np.array([[[1.0, -1.0]], [[0.5, 2.0]], [[-1.6, 0.25]]])
WEIGHTS = np.array([[1.0, -0.5, 0.0], [-0.25, 0.5, 1.0]])


def softmax(values):
    powers = np.exp(values - values.max())
    return powers / powers.sum()


def convolve(values, kernel):
    """Valid cross-correlation, a loop a step: values (steps, 1), kernel (size, 1, channels)."""
    steps = values.shape[0] - kernel.shape[0] + 1
    out = np.zeros((steps, kernel.shape[2]))
    for step in range(steps):
        for tap in range(kernel.shape[0]):
            out[step] += values[step + tap, 0] * kernel[tap, 0]
    return out


def sliding_field(size, stride, jump, first, steps):
    """The field of a window that spans ``size`` inputs and moves by ``stride * jump``."""
    start = first + np.arange(steps) * stride * jump
    mask = np.zeros((steps, INPUTS), bool)
    for step, left in enumerate(start.astype(int)):
        mask[step, left : left + size] = True
    return ReceptiveField(mask, start, start + size - 1, size, float(stride * jump))


class Network:
    """Conv1D(2, 3, relu) - MaxPooling1D(2) - GlobalAveragePooling1D - Dense(3, softmax)."""

    def __init__(self):
        steps = [{"step": "drop_zeros"}, {"step": "take", "n": INPUTS}, {"step": "divide_by_index"}]
        self.preprocessing = Preprocessing.from_json(steps)
        conv_steps = INPUTS - 2
        everything = ReceptiveField.everything(1, INPUTS)
        conv_field = sliding_field(3, 1, 1, 0.0, conv_steps)
        pool_field = sliding_field(4, POOL, 1, 0.0, conv_steps // POOL)
        layers = (
            LayerInfo(
                "conv", "Conv1D", (conv_steps, 2), 8, "relu", 3, 1, 1, "valid", field=conv_field
            ),
            LayerInfo(
                "pool",
                "MaxPooling1D",
                (conv_steps // POOL, 2),
                0,
                "",
                POOL,
                POOL,
                None,
                "valid",
                True,
                pool_field,
                (0,),
            ),
            LayerInfo("average", "GlobalAveragePooling1D", (2,), field=everything, sources=(1,)),
            LayerInfo("dense", "Dense", (3,), 9, "softmax", field=everything, sources=(2,)),
        )
        card = ModelCard(
            self.preprocessing,
            CLASSES,
            title="Three shapes",
            input_meaning="Weyl-like ratios.",
            output_meaning="Probabilities.",
            training={"shapes": 9, "mean": [0.5] * 8},
            evaluation=(Evaluation("accuracy", 0.75, "leave one out", 0.125),),
            licence="CC0",
            citation="Nobody (2000)",
            model_sha256="ab" * 32,
        )
        self.description = ModelDescription(
            "three", "three.keras", "ab" * 32, (INPUTS, 1), layers, CLASSES, card, 17
        )

    def trace(self, spectrum):
        """Raises PreprocessingError as the engine would."""
        working = self.preprocessing.apply(spectrum)
        values = working.values[:, None]
        before = convolve(values, KERNEL)
        conv = np.maximum(before, 0)
        pool = conv.reshape(-1, POOL, 2).max(axis=1)
        average = pool.mean(axis=0)
        logits = average @ WEIGHTS
        layers = (
            LayerTrace(conv, before),
            LayerTrace(pool),
            LayerTrace(average),
            LayerTrace(softmax(logits), logits),
        )
        return Trace("ab" * 32, values, working.positions, layers, softmax(logits))

    def with_more_layers(self, n_layers):
        """A description whose convolution is repeated under other names."""
        conv = self.description.layers[0]
        more = tuple(replace(conv, name=f"conv{i}") for i in range(n_layers))
        return replace(self.description, layers=more)


def spectrum(name="cup 1", *, n=20, slope=1.0, area=2.0, source=None):
    index = np.arange(n, dtype=float)
    values = slope * (index + 0.3 * np.sin(index))
    values[0] = 0.0
    return Spectrum(name, np.sort(values), Kind.SURFACE, area, source=source)


class FakeEngine(QObject):
    """Takes requests and keeps them until a test answers."""

    eventReceived = Signal(object)

    def __init__(self, network):
        super().__init__()
        self.network = network
        self.requests = {}
        self.cancelled = []
        self._ids = count(1)
        self.broker = Broker(self)
        self.eventReceived.connect(self._on_eventReceived)

    def _on_eventReceived(self, event):
        self.broker.receive(event)

    def start(self):
        pass

    def close(self):
        pass

    def submit(self, request, topic=None):
        number = next(self._ids)
        self.requests[number] = request
        return number

    def cancel(self, number):
        self.cancelled.append(number)

    def latest(self, kind):
        return max(
            (n for n, request in self.requests.items() if isinstance(request, kind)), default=0
        )

    def answer_open(self, description=None):
        description = description or self.network.description
        if not self.broker.waiting("model"):  # whoever calls this has opened another one
            self.inference.open_model(description.path)
        self.eventReceived.emit(Succeeded(self.latest(OpenModel), description))

    def answer_trace(self, number=None):
        number = number or self.latest(TraceSpectrum)
        try:
            event = Succeeded(number, self.network.trace(self.requests[number].spectrum))
        except PreprocessingError as error:
            event = Failed(number, error)
        self.eventReceived.emit(event)

    def answer_predictions(self, number=None, first=0, last=None):
        number = number or self.latest(PredictSpectra)
        rows, errors = [], []
        for spectrum in self.requests[number].spectra[first:last]:
            try:
                rows.append(self.network.trace(spectrum).probabilities)
                errors.append(None)
            except PreprocessingError as error:
                rows.append(np.full(len(CLASSES), np.nan, np.float32))
                errors.append(error)
        part = BatchPredictions(np.stack(rows), tuple(errors))
        self.eventReceived.emit(PartialPredictions(number, first, part))
        if last is None:
            self.eventReceived.emit(Succeeded(number, part))


@pytest.fixture(scope="session")
def network():
    return Network()


@pytest.fixture(scope="session")
def make_spectrum():
    """A function, because modules called conftest cannot be imported from."""
    return spectrum


@pytest.fixture
def spectra():
    return [spectrum(f"shape {i}", slope=1.0 + i) for i in range(4)]


@pytest.fixture
def engine(qapp, network):
    return FakeEngine(network)


@pytest.fixture
def inference(engine):
    from spectracnn.gui.workspace.inference import Inference

    inference = Inference(engine)
    engine.inference = inference
    inference.open_model("three.keras")
    yield inference
    delete(inference)


@pytest.fixture
def workspace(inference):
    from spectracnn.gui.workspace.workspace import Workspace

    workspace = Workspace(inference)
    yield workspace
    # Left to the garbage collector, which may run in any thread, its timers would fire once more.
    delete(workspace)


@pytest.fixture
def filled(workspace, engine, spectra):
    """A workspace with a model, four spectra and the trace of the first."""
    engine.answer_open()
    workspace.add_spectra(spectra)
    engine.answer_trace()
    return workspace


@pytest.fixture(scope="session")
def theme_manager(qapp):
    from spectracnn.gui.theme import ThemeChoice, ThemeManager

    return ThemeManager(qapp, ThemeChoice.LIGHT)


@pytest.fixture
def themes(theme_manager):
    """Light at first; one for all tests, because a style sheet takes long to apply."""
    from spectracnn.gui.theme import ThemeChoice

    yield theme_manager
    if theme_manager.choice is not ThemeChoice.LIGHT:
        theme_manager.choose(ThemeChoice.LIGHT)


@pytest.fixture(scope="session")
def move_pointer():
    """Moves the pointer by an event: not every platform lets a test move the real one."""

    def move(plot, at):
        viewport = plot.viewport()
        where = QPointF(at)
        event = QMouseEvent(
            QEvent.Type.MouseMove,
            where,
            QPointF(viewport.mapToGlobal(at)),
            Qt.MouseButton.NoButton,
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
        )
        QApplication.sendEvent(viewport, event)

    return move


@pytest.fixture
def settings(qapp):
    from spectracnn.gui.settings import Settings

    return Settings()


@pytest.fixture
def program(qtbot, engine, inference, workspace, themes, settings):
    """The whole window on the fake engine."""
    from spectracnn.gui.window.main_window import MainWindow
    from spectracnn.gui.workspace.file_reader import FileReader

    reader = FileReader()
    window = MainWindow(workspace, inference, reader, themes, settings)
    qtbot.addWidget(window)
    window.show()
    parts = SimpleNamespace(
        window=window,
        ui=window.ui,
        workspace=workspace,
        engine=engine,
        inference=inference,
        broker=engine.broker,
        reader=reader,
        themes=themes,
        settings=settings,
    )

    def fill(spectra):
        engine.answer_open()
        workspace.add_spectra(spectra)
        engine.answer_trace()
        wanted = len(engine.network.description.layers)
        panels = window.ui.stack.panels
        qtbot.waitUntil(
            lambda: len(panels) == wanted and all(panel.isVisible() for panel in panels),
            timeout=30_000,
        )

    parts.fill = fill
    yield parts
    window.close()
    reader.close()


@pytest.fixture
def ev_file(tmp_path):
    """Writes a small .ev file and returns its path."""

    def write(name, n=20, slope=1.0):
        from spectracnn import io

        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        io.write_ev(spectrum(path.stem, n=n, slope=slope), path)
        return path

    return write

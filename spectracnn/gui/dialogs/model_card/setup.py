"""Asks how spectra become a model's input and what its classes are, and shows what comes of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from spectracnn.core.card_file import card_path
from spectracnn.core.card_places import save_card
from spectracnn.core.outputs import Arrangement
from spectracnn.engine.broker import Policy
from spectracnn.engine.messages import TraceSpectrum
from spectracnn.errors import CardError, PreprocessingError, SpectraCNNError
from spectracnn.gui.dialogs.base import (
    GAP,
    MARGIN,
    Dialog,
    button_row,
    heading,
    muted,
    named,
    primary,
    secondary,
)
from spectracnn.gui.dialogs.model_card.setup_arrangement import ArrangementEditor
from spectracnn.gui.dialogs.model_card.setup_names import ClassesEditor, StructuresEditor
from spectracnn.gui.dialogs.model_card.setup_output import OutputEditor
from spectracnn.gui.dialogs.model_card.setup_preview import ModelInputPreview
from spectracnn.gui.dialogs.model_card.setup_steps import StepsEditor
from spectracnn.view.arranged import suggested
from spectracnn.view.card_draft import CardDraft, finished_card, first_draft

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spectracnn.core.card import ModelCard
    from spectracnn.core.spectrum import Spectrum
    from spectracnn.core.trace import ModelDescription, Trace
    from spectracnn.engine.broker import Broker
    from spectracnn.gui.theme import Theme
    from spectracnn.gui.workspace.inference import Inference

_TOPIC = "card trial"
_PATIENCE_MS = 120
_MOST_WAIT_MS = 400
_AXES = {Arrangement.ROWS: "row", Arrangement.CONCATENATED: "place"}


@dataclass(frozen=True, eq=False)
class Subject:
    """What the card is tried on.

    Parameters
    ----------
    spectrum : Spectrum or None
        The one on the screen; None when nothing is open.
    companions : tuple of Spectrum
        Those of its file, for a model of several structures.
    """

    spectrum: Spectrum | None = None
    companions: tuple[Spectrum, ...] = ()


class ModelSetupDialog(Dialog):
    """The card as a form, and what it makes of the current spectrum, live.

    Parameters
    ----------
    model : ModelDescription
        Open in the engine.
    subject : Subject
        What to try on.
    inference : Inference
        Knows how a model is opened.
    broker : Broker
        Asks the engine; the open model keeps its card meanwhile.
    theme : Theme
        Colours.
    parent : QWidget, optional
        The main window.

    Signals
    -------
    cardSaved : str
        Where the card lies now.
    outputChosen : int
        Another of several outputs shall be read: what is asked is another then.
    """

    cardSaved = Signal(str)
    outputChosen = Signal(int)

    def __init__(
        self,
        model: ModelDescription,
        subject: Subject,
        inference: Inference,
        broker: Broker,
        theme: Theme,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(f"How {Path(model.path).name} reads spectra", parent)
        self.model, self._subject = model, subject
        self._inference, self._broker = inference, broker
        draft = first_draft(model, subject.spectrum)
        self._base = draft.base
        self.title_edit = named(QLineEdit(draft.title), "Name of the model")
        self.title_edit.setPlaceholderText(Path(model.path).stem)
        self.steps = StepsEditor(draft.steps)
        self.classes = ClassesEditor(draft.classes, len(model.classes))
        self.output = OutputEditor(model)
        self.arrangement = ArrangementEditor(model, len(subject.companions))
        self._read = model
        self.structures: StructuresEditor | None = None
        self._structures_place = QVBoxLayout()
        self._show_structures(draft.structures)
        self.preview = ModelInputPreview(theme)
        self.problem = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.problem.setProperty("error", True)
        self.cancel_button = secondary("Cancel")
        self.save_button = primary("Save card")
        self._tried = model.card
        self._timer = QTimer(self, singleShot=True, interval=_PATIENCE_MS)
        self._timer.timeout.connect(self._try)
        # An older picture may stay for a moment, but not be taken for the new card's.
        self._wait_timer = QTimer(self, singleShot=True, interval=_MOST_WAIT_MS)
        self._wait_timer.timeout.connect(self._on_wait_timer_timeout)
        self._arrange()
        self._connect()
        self._on_changed()
        length = 0 if subject.spectrum is None else len(subject.spectrum)
        self.arrangement.choose(suggested(model, len(subject.companions), length))

    def _arrange(self) -> None:
        form = QVBoxLayout()
        form.setSpacing(GAP)
        form.addWidget(muted(_describe(self.model)))
        form.addSpacing(GAP)
        form.addWidget(heading("From a file's eigenvalues to the model's input"))
        form.addWidget(self.steps, 5)
        form.addSpacing(GAP)
        form.addWidget(self.arrangement)
        form.addLayout(self._structures_place)
        form.addWidget(self.classes, 2)
        form.addWidget(self.output)
        form.addSpacing(GAP)
        form.addWidget(heading("Name"))
        form.addWidget(self.title_edit)
        columns = QHBoxLayout()
        columns.setSpacing(MARGIN)
        columns.addLayout(form, 1)
        columns.addWidget(self.preview, 1)
        foot = button_row(self.cancel_button, self.save_button)
        foot.insertWidget(0, self.problem, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        layout.setSpacing(MARGIN)
        layout.addLayout(columns, 1)
        layout.addLayout(foot)
        self.resize(1040, 660 if self.structures is None else 740)

    def _connect(self) -> None:
        self.steps.changed.connect(self._on_changed)
        self.classes.changed.connect(self._on_changed)
        self.output.changed.connect(self._on_changed)
        self.output.outputChosen.connect(self.outputChosen)
        self.arrangement.changed.connect(self._on_arrangement_changed)
        self.cancel_button.clicked.connect(self.reject)
        self.save_button.clicked.connect(self._on_save_clicked)
        self.save_button.setToolTip(f"Write {card_path(Path(self.model.path)).name}")

    def done(self, result: int) -> None:
        self._timer.stop()
        self._wait_timer.stop()
        self._broker.drop(_TOPIC)
        super().done(result)

    def card(self) -> ModelCard:
        """Return the card as it stands.

        Raises
        ------
        CardError
            If it is not complete; with one sentence.
        """
        problem = self.arrangement.problem or self.steps.problem or self.classes.problem
        if problem:
            raise CardError(problem)
        draft = CardDraft(
            self.output.applied(self._arranged_base()),
            self.title_edit.text(),
            self.steps.steps,
            self.classes.names,
            self.structures.names if self.structures is not None else (),
        )
        if self._read.arrangement is Arrangement.CONCATENATED and not any(draft.structures):
            raise CardError("Name the structures in the order in which they stand.")
        return finished_card(draft, self._read)

    def _arranged_base(self) -> ModelCard:
        """Return what is not edited, with the arrangement where another was chosen."""
        if self._read is self.model:
            return self._base
        return replace(self._base, arrangement=self._read.arrangement)

    def _show_structures(self, names: Sequence[str]) -> None:
        """Put a box for each structure's name in the place of those before."""
        if self.structures is not None:
            self._structures_place.removeWidget(self.structures)
            self.structures.hide()
            self.structures.deleteLater()
            self.structures = None
        if not self._read.structures:
            return
        known = [s.structure or s.key or s.name for s in self._subject.companions]
        axis = _AXES.get(self._read.arrangement, "channel")
        self.structures = StructuresEditor(names, known, axis)
        self.structures.changed.connect(self._on_changed)
        self._structures_place.addWidget(self.structures)

    @Slot()
    def _on_arrangement_changed(self) -> None:
        before, self._read = self._read, self.arrangement.model
        if before is not self._read:
            names = [s.structure or s.key for s in self._subject.companions]
            fits = len(names) == len(self._read.structures) and all(names)
            self._show_structures(names if fits else self._read.structures)
            self.steps.set_count(before.values_each, self._read.values_each)
        self._on_changed()

    def try_on(self, subject: Subject) -> None:
        """Show what the card makes of another spectrum."""
        self._subject = subject
        self._on_changed()

    def apply_theme(self, theme: Theme) -> None:
        """Recolour what paints itself."""
        self.preview.apply_theme(theme)

    # --- trying ------------------------------------------------------------------------------

    @Slot()
    def _on_changed(self) -> None:
        self._broker.drop(_TOPIC)  # its answer would be about another card
        self._timer.start()
        self._wait_timer.start()
        try:
            self.card()
        except CardError as error:
            self._show_problem(error.message)
        else:
            self._show_problem("")

    def _show_problem(self, sentence: str) -> None:
        self.problem.setText(sentence)
        self.save_button.setEnabled(not sentence)

    def _trial_card(self) -> ModelCard:
        """Return what to try: while names are missing, with numbers in their place."""
        try:
            return self.card()
        except CardError:
            if self.steps.problem or self.arrangement.problem:
                raise
            numbered = tuple(f"class {place}" for place in range(len(self.model.classes)))
            draft = CardDraft(self._arranged_base(), "", self.steps.steps, numbered)
            # Without names: in the order of the file.
            return replace(finished_card(draft, self._read), structures=self._unnamed())

    def _unnamed(self) -> tuple[str, ...]:
        concatenated = self._read.arrangement is Arrangement.CONCATENATED
        return ("",) * len(self._read.structures) if concatenated else ()

    @Slot()
    def _on_wait_timer_timeout(self) -> None:
        self.preview.show_sentence("Trying this card \u2026")

    @Slot()
    def _try(self) -> None:
        spectrum = self._subject.spectrum
        if spectrum is None:
            self._wait_timer.stop()
            self.preview.show_sentence("Open a spectrum to see what the model would read.")
            return
        try:
            self._tried = self._trial_card()
        except CardError as error:
            self._wait_timer.stop()
            self.preview.show_sentence(error.message, wrong=True)
            return
        model = self._inference.opening(self.model.path, self._tried, self.model.sha256)
        companions = self._subject.companions if self._read.structures else ()
        request = TraceSpectrum(spectrum, companions, model=model)
        self._broker.submit(request, _TOPIC, Policy.LATEST_WINS, self._on_tried, self._on_refused)

    def _on_tried(self, trace: Trace) -> None:
        self._wait_timer.stop()
        spectrum, card = self._subject.spectrum, self._tried
        name = spectrum.name if spectrum is not None else ""
        self.preview.show_trace(trace, name, card.classes, card.structures)

    def _on_refused(self, error: Exception) -> None:
        self._wait_timer.stop()
        sentence = error.message if isinstance(error, SpectraCNNError) else str(error)
        self.preview.show_sentence(sentence, wrong=True)
        if not isinstance(error, PreprocessingError):  # else another spectrum may do
            self._show_problem(sentence)

    # --- saving ------------------------------------------------------------------------------

    @Slot()
    def _on_save_clicked(self) -> None:
        try:
            card = self.card()
            place = save_card(replace(card, model_sha256=self.model.sha256), Path(self.model.path))
        except SpectraCNNError as error:
            self._show_problem(error.message)
            return
        self.cardSaved.emit(str(place))
        self.accept()


def _describe(model: ModelDescription) -> str:
    """Return what the file itself tells, and what it cannot."""
    reads = "any number of" if model.open_length else str(model.values_each)
    several = f" of each of {len(model.structures)} structures" if model.structures else ""
    begin = "This model has no card. It" if model.card_assumed else "The model"
    return f"{begin} reads {reads} values{several} and has {len(model.classes)} classes."

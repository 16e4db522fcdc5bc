"""The model card for people."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QTextOption
from PySide6.QtWidgets import QTextBrowser, QVBoxLayout, QWidget

from spectracnn.gui.dialogs.base import MARGIN, Dialog, button_row, named, primary, secondary
from spectracnn.gui.dialogs.model_card.reliability import ReliabilityDiagram
from spectracnn.view.reliability import reliability_picture

if TYPE_CHECKING:
    from collections.abc import Mapping

    from spectracnn.core.card import Evaluation
    from spectracnn.core.steps import Step
    from spectracnn.core.trace import ModelDescription

_MOST_NUMBERS = 4


class ModelCardDialog(Dialog):
    """Tells what a person must know to use a model rightly; the text can be selected.

    Signals
    -------
    editRequested : ()
        Emitted when the dialog is gone.
    """

    editRequested = Signal()

    def __init__(self, description: ModelDescription, parent: QWidget | None = None) -> None:
        super().__init__(f"Model: {description.name}", parent)
        self._description = description
        self.browser = named(QTextBrowser(openExternalLinks=True), "Model card")
        self.browser.setProperty("framed", True)
        self.browser.document().setDocumentMargin(MARGIN)
        self.browser.document().setIndentWidth(MARGIN + 8)
        self.browser.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.browser.setCursorWidth(0)
        # A check sum has no place to break, and would make the page wider than the window.
        self.browser.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.browser.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextBrowserInteraction
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.copy_button = secondary("Copy")
        self.copy_button.setToolTip("Copy the card as text")
        self.edit_button = secondary("Edit\u2026")
        self.edit_button.setToolTip("Change preprocessing, class names and structures")
        close_button = primary("Close")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        layout.setSpacing(MARGIN)
        layout.addWidget(self.browser)
        picture = reliability_picture(description)
        self.reliability = None if picture is None else ReliabilityDiagram(picture)
        if self.reliability is not None:
            layout.addWidget(self.reliability)
        layout.addLayout(button_row(self.copy_button, self.edit_button, close_button))
        self.resize(640, 680)
        self.copy_button.clicked.connect(self._on_copy_clicked)
        self.edit_button.clicked.connect(self._on_edit_clicked)
        close_button.clicked.connect(self.accept)
        self._fill()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._fill()

    def _fill(self) -> None:
        palette = self.palette()
        grey, line = palette.placeholderText().color().name(), palette.mid().color().name()
        place = self.browser.verticalScrollBar().value()
        self.browser.setHtml(card_html(self._description, grey, line))
        self.browser.verticalScrollBar().setValue(place)

    @Slot()
    def _on_edit_clicked(self) -> None:
        self.accept()
        self.editRequested.emit()

    @Slot()
    def _on_copy_clicked(self) -> None:
        QGuiApplication.clipboard().setText(self.browser.toPlainText())
        self.copy_button.setText("Copied")


def card_html(description: ModelDescription, grey: str, line: str) -> str:
    """Return the card as rich text.

    Parameters
    ----------
    description : ModelDescription
        Has the card.
    grey, line : str
        Colours for what matters less and for rules, as ``#RRGGBB``.
    """
    card = description.card
    shape = " × ".join(str(size) for size in description.input_shape)
    facts = (
        f"{len(description.layers)} layers, {_grouped(description.n_params)} parameters, "
        f"input {shape}, {len(description.classes)} classes"
    )
    steps = "".join(f"<li>{_step(step, grey)}</li>" for step in card.preprocessing.steps)
    sections = [
        ("", "".join(_paragraph(warning) for warning in description.warnings)),
        ("What goes in", _paragraph(card.input_meaning)),
        ("Shapes read together", _paragraph(", ".join(card.structures))),
        ("Preprocessing", f"<ol style='margin:0'>{steps}</ol>" if steps else _paragraph("None.")),
        ("What comes out", _paragraph(card.output_meaning)),
        ("Classes", _paragraph(", ".join(description.classes))),
        ("Training", _training(card.training or {}, grey)),
        ("Evaluation", _evaluation(card.evaluation, grey, line)),
        ("Licence", _paragraph(card.licence)),
        ("Citation", _paragraph(card.citation)),
        ("File", _file(description, grey)),
    ]
    title = card.title or description.name
    head = f"<h2 style='margin:0'>{escape(title)}</h2><p style='color:{grey}'>{facts}</p>"
    body = "".join(
        (f"<h4 style='margin:16px 0 4px 0'>{name}</h4>" if name else "") + text
        for name, text in sections
        if text
    )
    return head + body


def _paragraph(text: str) -> str:
    return f"<p style='margin:0 0 4px 0'>{escape(text)}</p>" if text else ""


def _step(step: Step, grey: str) -> str:
    parameters = {key: value for key, value in step.to_json().items() if key != "step"}
    text = escape(step.label)
    if parameters:
        listed = ", ".join(f"{key} = {_value(value)}" for key, value in parameters.items())
        text += f" <span style='color:{grey}'>({escape(listed)})</span>"
    return text


def _value(value: Any) -> str:
    if isinstance(value, list):
        if len(value) > _MOST_NUMBERS:
            return f"{len(value)} values, {_value(value[0])} … {_value(value[-1])}"
        return ", ".join(_value(item) for item in value)
    if isinstance(value, dict):
        return ", ".join(f"{_words(key)} {_value(item)}" for key, item in value.items())
    return f"{value:g}" if isinstance(value, float) else str(value)


def _training(record: Mapping[str, Any], grey: str) -> str:
    rows = "".join(
        f"<tr><td style='color:{grey}; padding-right:16px'>{escape(_words(key))}</td>"
        f"<td>{escape(_value(value))}</td></tr>"
        for key, value in record.items()
    )
    return f"<table cellspacing='0' cellpadding='2'>{rows}</table>" if rows else ""


def _evaluation(items: tuple[Evaluation, ...], grey: str, line: str) -> str:
    if not items:
        return ""
    rows = "".join(
        f"<tr><td>{escape(item.subject)}</td><td>{escape(item.metric)}</td>"
        f"<td align='right'>{_figure(item)}</td>"
        f"<td style='color:{grey}'>{escape(item.how)}</td></tr>"
        for item in items
    )
    return (
        f"<table cellspacing='0' cellpadding='4' style='border-color:{line}' width='98%'>"
        f"{rows}</table>"
    )


def _figure(item: Evaluation) -> str:
    spread = f" ± {item.sd:.3f}" if item.sd else ""
    return f"<b>{item.value:.3f}</b>{spread}"


def _file(description: ModelDescription, grey: str) -> str:
    sums = f"SHA-256 {description.sha256}" if description.sha256 else ""
    card = description.card_file
    own = _paragraph(f"Card: {card}") if card else ""
    return _paragraph(description.path) + own + f"<p style='margin:0; color:{grey}'>{sums}</p>"


def _words(key: str) -> str:
    return key.replace("_", " ")


def _grouped(number: int) -> str:
    return f"{number:,}".replace(",", "\u2009")

"""What is said under the shapes: what is shown, what is doubtful, and what is known of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from spectracnn.view.shape_words import HELP, mode_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spectracnn.core.trace import ModelDescription
    from spectracnn.gui.tools.shape.pane import ShapePane


class ShapeCaptions(QWidget):
    """Three paragraphs: on what is shown, on shapes that may be others', and on the meshes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words, self.doubt, self.note = (QLabel(wordWrap=True) for _ in range(3))
        self.doubt.setProperty("warning", True)
        self.note.setProperty("muted", True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for label in (self.words, self.doubt, self.note):
            label.setContentsMargins(16, 6, 16, 6)
            layout.addWidget(label)

    def explain(
        self, panes: Sequence[ShapePane], shown: str, mode: int, model: ModelDescription | None
    ) -> None:
        """Say what there is to say of the shapes, the first of which is the current spectrum's."""
        solution = panes[0].solution
        words = ""
        if solution is not None:
            caption = mode_words(solution, mode) if shown == "mode" else ""
            words = f"{caption}\n{HELP[shown]}".strip()
        self.words.setText(words)
        agreed = [pane.agreement() for pane in panes]
        self.doubt.setText("\n".join(one.words for one in agreed if one and one.doubtful))
        self.doubt.setVisible(bool(self.doubt.text()))
        lines = [_about_class(panes[0], shown, model)]
        lines += [agreed[0].words] if agreed[0] and not agreed[0].doubtful else []
        lines.append(panes[0].words())
        lines += [f"Beside it: {pane.words()}" for pane in panes[1:]]
        self.note.setText("\n".join(filter(None, lines)))


def _about_class(pane: ShapePane, shown: str, model: ModelDescription | None) -> str:
    if shown == "mode" or pane.solution is None:
        return ""
    if pane.maps is None or model is None:
        return "Computing where the decision comes from\u2026"
    return f"About the class {model.classes[pane.target]}."

"""Rows of the training form: how the network learns, and where the cross-validation cuts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QCheckBox, QDoubleSpinBox, QSpinBox

from spectracnn.core.outputs import Task
from spectracnn.core.training_plan import OPTIMIZERS
from spectracnn.gui.tools.training.controls import OWN, announce, combo, described, heading, own

if TYPE_CHECKING:
    from PySide6.QtWidgets import QFormLayout

    from spectracnn.state.training_choice import TrainingChoice

_OPTIMIZERS = (
    "Adam with decay of the kernels (Loshchilov and Hutter 2019)",
    "Adam (Kingma and Ba 2015)",
    "RMSprop: each weight's step by the size of its last gradients",
    "Gradient descent with a momentum of 0.9",
)
_AUGMENTED = {0: None, 1: True, 2: False}


class LearningRows(QObject):
    """Optimiser, epochs, folds, seed.

    Signals
    -------
    edited : str
        The person chose something: what.
    """

    edited = Signal(str)

    def __init__(self, form: QFormLayout, parent: QObject) -> None:
        super().__init__(parent)
        self._form = form
        self.optimizer_box = described(combo("Optimiser", OPTIMIZERS), _OPTIMIZERS)
        self.rate_box = QDoubleSpinBox(minimum=0, maximum=10, decimals=5, singleStep=0.0005)
        self.rate_box.setSpecialValueText(OWN)
        self.rate_box.setAccessibleName("Learning rate")
        self.epochs_box = own("Epochs at most", 100_000)
        self.batch_box = own("Spectra in a batch", 4096)
        self.patience_box = QSpinBox(minimum=-1, maximum=10_000, value=-1)
        self.patience_box.setSpecialValueText(OWN)
        self.patience_box.setAccessibleName("Epochs without progress until it ends")
        self.augment_box = combo("Varied spectra", (OWN, "yes", "no"))
        self.weights_box = QCheckBox("Rare classes weigh as much as frequent ones")
        self.folds_box = QSpinBox(minimum=0, maximum=50, value=5)
        self.folds_box.setSpecialValueText("no cross-validation")
        self.folds_box.setAccessibleName("Folds of the cross-validation")
        self.seed_box = QSpinBox(minimum=0, maximum=(1 << 31) - 1)
        self.seed_box.setAccessibleName("Seed")
        form.addRow(heading("How it learns"))
        for text, widget in (
            ("Optimiser", self.optimizer_box),
            ("Learning rate", self.rate_box),
            ("Epochs", self.epochs_box),
            ("Batch", self.batch_box),
            ("Early stopping", self.patience_box),
            ("Varied spectra", self.augment_box),
            ("", self.weights_box),
            ("Folds", self.folds_box),
            ("Seed", self.seed_box),
        ):
            form.addRow(text, widget)
        announce(
            self.edited,
            {
                self.optimizer_box: "optimiser",
                self.rate_box: "learning rate",
                self.epochs_box: "epochs",
                self.batch_box: "batch",
                self.patience_box: "early stopping",
                self.augment_box: "varied spectra",
                self.weights_box: "weight of classes",
                self.folds_box: "folds",
                self.seed_box: "seed",
            },
        )

    def refresh(self, task: Task) -> None:
        """Show the rows that a task needs."""
        for widget in (self.weights_box, self.augment_box):
            self._form.setRowVisible(widget, task is not Task.REGRESSION)

    def fields(self, task: Task) -> dict[str, Any]:
        """Return these rows' part of a plan."""
        regression = task is Task.REGRESSION
        patience = self.patience_box.value()
        return {
            "optimizer": self.optimizer_box.currentText(),
            "learning_rate": self.rate_box.value() or None,
            "epochs": self.epochs_box.value() or None,
            "batch": self.batch_box.value() or None,
            "patience": None if patience < 0 else patience,
            "augmentation": None if regression else _AUGMENTED[self.augment_box.currentIndex()],
            "class_weights": self.weights_box.isChecked() and not regression,
            "folds": self.folds_box.value(),
            "seed": self.seed_box.value(),
        }

    def chosen(self) -> dict[str, Any]:
        """Return what is chosen, as fields of a `TrainingChoice`."""
        return self.fields(Task.CLASSIFICATION)

    def show(self, choice: TrainingChoice) -> None:
        """Show what is chosen."""
        self.optimizer_box.setCurrentText(choice.optimizer)
        self.rate_box.setValue(choice.learning_rate or 0)
        self.epochs_box.setValue(choice.epochs or 0)
        self.batch_box.setValue(choice.batch or 0)
        self.patience_box.setValue(-1 if choice.patience is None else choice.patience)
        self.augment_box.setCurrentIndex(list(_AUGMENTED.values()).index(choice.augmentation))
        self.weights_box.setChecked(choice.class_weights)
        self.folds_box.setValue(choice.folds)
        self.seed_box.setValue(choice.seed)

"""The model card: what a ``.keras`` file leaves out. Stored beside it as ``NAME.card.json``."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar

from spectracnn.core.outputs import Arrangement, ReferenceFile, Task
from spectracnn.core.preprocessing import Preprocessing
from spectracnn.errors import CardError, PreprocessingError

if TYPE_CHECKING:
    from collections.abc import Mapping

SCHEMA = "spectracnn-card"
VERSION = 2
READABLE_VERSIONS = (1, 2)
V2_TEXTS = ("target", "unit", "output")
TEXT_FIELDS = ("title", "input_meaning", "output_meaning", "licence", "citation")

_Choice = TypeVar("_Choice", bound=StrEnum)


@dataclass(frozen=True)
class Evaluation:
    """One figure, and how it was obtained.

    Parameters
    ----------
    metric : str
        Such as ``accuracy``.
    value, sd : float
        Mean and standard deviation; the latter 0 for a single measurement.
    how : str
        Such as ``5-fold stratified cross-validation, 3 seeds``.
    subject : str
        What was measured: this model's recipe, or a baseline.
    """

    metric: str
    value: float
    how: str
    sd: float = 0.0
    subject: str = "this model"


@dataclass(frozen=True, eq=False)
class ModelCard:
    """What a person must know to use a model rightly. See ``docs/model-card.md``.

    Parameters
    ----------
    preprocessing : Preprocessing
        From a file's eigenvalues to the model's input.
    classes : tuple of str
        Names of the model's outputs, in order.
    title, input_meaning, output_meaning, licence, citation : str
        For people.
    training : mapping
        Data, counts, seed, anything else in plain JSON values.
    evaluation : tuple of Evaluation
        Figures with how they were obtained.
    model_sha256 : str
        Of the ``.keras`` file's bytes, in hex; empty when unknown.
    structures : tuple of str
        For a model that reads several shapes of one subject together: their names, in the order
        of its channels or rows. Empty for a model that reads one spectrum.
    arrangement : Arrangement
        How the structures stand in the input.
    task : Task
        What the outputs mean; unspecified, the network's last act decides. For one sigmoid, two
        `classes` and ``CLASSIFICATION``: its value is the probability of the second.
    target, unit : str
        Of a regression: what is predicted, and in what unit.
    threshold : float
        From which probability on the second class of a single sigmoid, or a label, is said.
    output : str
        Of a network with several outputs: the name of the one that is read; empty for the first.
    temperature : float
        Logits are divided by it before the softmax: the calibration of the probabilities.
    conformal : tuple of float
        Out-of-fold nonconformity scores, from which prediction sets are made; empty if unknown.
    reference : ReferenceFile or None
        What is known of the training spectra, for typicality; None if unknown.
    origin : mapping
        For a network that was made from another by hand: from which, and what was changed.
    """

    preprocessing: Preprocessing
    classes: tuple[str, ...]
    title: str = ""
    input_meaning: str = ""
    output_meaning: str = ""
    training: Mapping[str, Any] | None = None
    evaluation: tuple[Evaluation, ...] = ()
    licence: str = ""
    citation: str = ""
    model_sha256: str = ""
    structures: tuple[str, ...] = ()
    arrangement: Arrangement = Arrangement.UNSPECIFIED
    task: Task = Task.UNSPECIFIED
    target: str = ""
    unit: str = ""
    threshold: float = 0.5
    output: str = ""
    temperature: float = 1.0
    conformal: tuple[float, ...] = ()
    reference: ReferenceFile | None = None
    origin: Mapping[str, Any] | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the card as plain JSON values."""
        return {
            "schema": SCHEMA,
            "version": VERSION,
            "title": self.title,
            "model_sha256": self.model_sha256,
            "preprocessing": self.preprocessing.to_json(),
            "input_meaning": self.input_meaning,
            **({"structures": list(self.structures)} if self.structures else {}),
            "classes": list(self.classes),
            **self._optional_json(),
            "output_meaning": self.output_meaning,
            "training": dict(self.training or {}),
            "evaluation": [asdict(item) for item in self.evaluation],
            "licence": self.licence,
            "citation": self.citation,
        }

    def _optional_json(self) -> dict[str, Any]:
        """Return the fields of version 2 that differ from their defaults."""
        default = ModelCard(self.preprocessing, self.classes)
        names = ("arrangement", "task", "target", "unit", "threshold", "output", "temperature")
        changed = {name: getattr(self, name) for name in names}
        record = {k: v for k, v in changed.items() if v != getattr(default, k)}
        if self.conformal:
            record["conformal"] = list(self.conformal)
        if self.reference is not None:
            record["reference"] = asdict(self.reference)
        if self.origin:
            record["origin"] = dict(self.origin)
        return record

    @classmethod
    def from_json(cls, record: Any) -> ModelCard:
        """Read a card from plain JSON values.

        Raises
        ------
        CardError
            If something is missing or invalid; the sentence names it.
        """
        if not isinstance(record, dict) or record.get("schema") != SCHEMA:
            raise CardError(f"This is no model card: its 'schema' is not {SCHEMA!r}.")
        version = record.get("version")
        if not isinstance(version, int) or version not in READABLE_VERSIONS:
            raise CardError(
                f"The card is of version {str(version)[:20]!r}; this program reads 1 and {VERSION}."
            )
        texts = {key: _typed(record, key, str, "") for key in (*TEXT_FIELDS, "model_sha256")}
        classes = _names(record, "classes")
        later = _version_2(record) if version > 1 else {}
        unnamed = later.get("task") is Task.REGRESSION or later.get("target") or later.get("unit")
        if not classes and not unnamed:
            raise CardError("The card's 'classes' is not a list of names.")
        try:
            preprocessing = Preprocessing.from_json(record.get("preprocessing"))
        except PreprocessingError as error:
            raise CardError(f"The card's 'preprocessing' is invalid: {error.message}") from error
        return cls(
            preprocessing=preprocessing,
            classes=classes,
            structures=_names(record, "structures"),
            training=_typed(record, "training", dict, {}),
            evaluation=_evaluation(_typed(record, "evaluation", list, [])),
            **texts,
            **later,
        )


def _version_2(record: dict[str, Any]) -> dict[str, Any]:
    """Return the fields that version 2 added, checked."""
    fields: dict[str, Any] = {key: _typed(record, key, str, "") for key in V2_TEXTS}
    fields["arrangement"] = _choice(record, "arrangement", Arrangement, Arrangement.UNSPECIFIED)
    fields["task"] = _choice(record, "task", Task, Task.UNSPECIFIED)
    fields["threshold"] = _number(record, "threshold", 0.5, 0.0, 1.0)
    fields["temperature"] = _number(record, "temperature", 1.0, 1e-6, 1e6)
    scores = _typed(record, "conformal", list, [])
    if not all(_is_finite(score) for score in scores):
        raise CardError("The card's 'conformal' is not a list of finite numbers.")
    fields["conformal"] = tuple(float(score) for score in scores)
    fields["origin"] = _typed(record, "origin", dict, {}) or None
    reference = record.get("reference")
    if reference is not None:
        try:
            fields["reference"] = ReferenceFile(**reference)
        except TypeError as error:
            raise CardError("The card's 'reference' is not {'file', 'sha256'}.") from error
    return fields


def _is_finite(value: Any) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    try:
        return number and math.isfinite(value)
    except OverflowError:  # a whole number beyond what a float holds
        return False


def _number(record: dict[str, Any], key: str, default: float, low: float, high: float) -> float:
    value = record.get(key, default)
    if not _is_finite(value) or not low <= value <= high:
        raise CardError(f"The card's {key!r} is not a number between {low:g} and {high:g}.")
    return float(value)


def _choice(record: dict[str, Any], key: str, kind: type[_Choice], default: _Choice) -> _Choice:
    value = record.get(key, default)
    try:
        return kind(value)
    except ValueError as error:
        allowed = ", ".join(item for item in kind if item)
        raise CardError(
            f"The card's {key!r} is {str(value)[:40]!r}; known are {allowed}."
        ) from error


def _typed(record: dict[str, Any], key: str, kind: type, default: Any) -> Any:
    value = record.get(key, default)
    if not isinstance(value, kind):
        raise CardError(f"The card's {key!r} is not a {kind.__name__}.")
    return value


def _names(record: dict[str, Any], key: str) -> tuple[str, ...]:
    names = record.get(key, [])
    if not isinstance(names, list) or not all(isinstance(item, str) and item for item in names):
        raise CardError(f"The card's {key!r} is not a list of names.")
    if len(set(names)) != len(names):
        what = "class" if key == "classes" else "structure"
        raise CardError(f"The card's {key!r} names one {what} twice.")
    return tuple(names)


def _evaluation(records: list[Any]) -> tuple[Evaluation, ...]:
    try:
        found = tuple(Evaluation(**record) for record in records)
    except TypeError as error:
        raise CardError("The card's 'evaluation' has an entry with other fields.") from error
    for one in found:
        texts = all(isinstance(text, str) for text in (one.metric, one.how, one.subject))
        if not texts or not _is_finite(one.value) or not _is_finite(one.sd):
            raise CardError("The card's 'evaluation' has an entry of the wrong types.")
    return found

"""The model card: what a ``.keras`` file leaves out. Stored beside it as ``NAME.card.json``."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from spectracnn.core.atomic import atomic_path
from spectracnn.core.preprocessing import Preprocessing
from spectracnn.errors import CardError, PreprocessingError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SCHEMA = "spectracnn-card"
VERSION = 1
TEXT_FIELDS = ("title", "input_meaning", "output_meaning", "licence", "citation")


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
            "output_meaning": self.output_meaning,
            "training": dict(self.training or {}),
            "evaluation": [asdict(item) for item in self.evaluation],
            "licence": self.licence,
            "citation": self.citation,
        }

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
        if record.get("version") != VERSION:
            raise CardError(
                f"The card is of version {record.get('version')!r}; this program reads {VERSION}."
            )
        texts = {key: _typed(record, key, str, "") for key in (*TEXT_FIELDS, "model_sha256")}
        classes = _names(record, "classes")
        if not classes:
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
        )


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
        return tuple(Evaluation(**record) for record in records)
    except TypeError as error:
        raise CardError("The card's 'evaluation' has an entry with other fields.") from error


def card_path(model: Path) -> Path:
    """Return where the card of a model file lies: ``NAME.card.json`` beside ``NAME.keras``."""
    return model.with_name(f"{model.stem}.card.json")


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, in hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def read_card(path: Path) -> ModelCard:
    """Read a card file.

    Raises
    ------
    CardError
        If it cannot be read; the sentence names the file and what is wrong.
    """
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CardError(f"{path.name}: the card cannot be read ({error.strerror}).") from error
    except (ValueError, RecursionError) as error:
        raise CardError(f"{path.name}: the card is not valid JSON ({error}).") from error
    try:
        return ModelCard.from_json(record)
    except CardError as error:
        raise CardError(f"{path.name}: {error.message}") from error


def write_card(card: ModelCard, path: Path) -> None:
    """Write a card file; whoever reads meanwhile sees the old one or the new one.

    Raises
    ------
    ExportError
        If it cannot be written.
    """
    text = json.dumps(card.to_json(), indent=2, ensure_ascii=False) + "\n"
    with atomic_path(path) as temporary:
        temporary.write_text(text, encoding="utf-8")

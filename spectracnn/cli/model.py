"""``spectracnn model``: what a network consists of, without running it on anything."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from spectracnn.cli.network import open_network
from spectracnn.cli.output import print_json, print_table
from spectracnn.cli.reporting import Reporter
from spectracnn.core.outputs import Task

if TYPE_CHECKING:
    import argparse

    from spectracnn.core.trace import LayerInfo, ModelDescription

_HEADER = (
    "layer", "class", "output", "parameters", "kernel", "stride", "dilation", "padding",
    "activation", "field", "jump",
)  # fmt: skip
_NUMBERS = {3, 4, 5, 6, 9, 10}


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command's arguments."""
    parser = subparsers.add_parser(
        "model",
        help="describe a model",
        description="Layers, shapes, parameters, receptive fields, card and warnings of a model.",
    )
    parser.add_argument(
        "model",
        type=Path,
        metavar="M",
        nargs="?",
        help="a .keras or .h5 file (default: the bundled model)",
    )
    parser.add_argument(
        "--card", type=Path, metavar="FILE", help="a model card to use instead of M's own"
    )
    parser.add_argument("--json", action="store_true", help="print a JSON object")


def run(args: argparse.Namespace) -> int:
    """Run the command."""
    reporter = Reporter()
    description = open_network(args, reporter).description
    if args.json:
        print_json(record(description))
    else:
        _print_plain(description)
    return reporter.exit_code


def record(model: ModelDescription) -> dict[str, Any]:
    """Return what the JSON says of a model."""
    return {
        "file": model.path,
        "name": model.name,
        "sha256": model.sha256,
        "input_shape": model.input_shape,
        "structures": model.structures,
        "task": model.task,
        "classes": model.classes,
        "outputs": [
            {"name": item.name, "shape": item.shape, "activation": item.activation or None}
            for item in model.outputs
        ],
        "output": model.read.name,
        "parameters": model.n_params,
        "layers": [_layer(info) for info in model.layers],
        "card": model.card.to_json(),
        "warnings": model.warnings,
    }


def _layer(info: LayerInfo) -> dict[str, Any]:
    return {
        "name": info.name,
        "class": info.layer_class,
        "output_shape": info.output_shape,
        "parameters": info.n_params,
        "kernel_size": info.kernel_size,
        "strides": info.strides,
        "dilation": info.dilation,
        "padding": info.padding or None,
        "activation": info.activation or None,
        "receptive_field": info.field.size if info.field else None,
        "jump": info.field.jump if info.field else None,
        "sources": info.sources,
    }


def _print_plain(model: ModelDescription) -> None:
    shape = " × ".join(map(str, model.input_shape))
    print(f"{model.name}: input {shape}, {outcome(model)}, {model.n_params} parameters")
    if any(model.structures):
        print(f"structures: {', '.join(model.structures)}")
    steps = [step.label for step in model.card.preprocessing.steps]
    print(f"preprocessing: {', '.join(steps) or 'none'}")
    noun = "labels" if model.task is Task.MULTILABEL else "classes"
    unit = f" [{model.card.unit}]" if model.card.unit else ""
    print(f"{'values' if model.reading.is_values else noun}: {', '.join(model.classes)}{unit}")
    if len(model.outputs) > 1:
        print(
            f"outputs: {', '.join(item.name for item in model.outputs)}; {model.read.name} is read"
        )
    for item in model.card.evaluation:
        spread = "" if item.sd is None else f" \u00b1 {item.sd:.3f}"
        print(
            f"{item.metric}, {item.subject or 'this model'}: {item.value:.3f}{spread} ({item.how})"
        )
    print()
    print_table(_HEADER, [_row(info) for info in model.layers], _NUMBERS)


def outcome(model: ModelDescription) -> str:
    """Return what comes out in words, such as ``2 classes by one sigmoid``."""
    count, steps = len(model.classes), model.read
    if model.reading.is_values:
        found = f"{count} value{'s' if count > 1 else ''}"
    elif model.task is Task.MULTILABEL:
        found = f"{count} labels"
    else:
        found = f"{count} classes" + (" by one number" if model.reading.single else "")
    return f"{found} at each of {steps.wide[0]} steps" if steps.per_step else found


def _row(info: LayerInfo) -> list[str]:
    values = (info.kernel_size, info.strides, info.dilation)
    field = info.field
    return [
        info.name,
        info.layer_class,
        " × ".join(map(str, info.output_shape)),
        str(info.n_params),
        *("-" if value is None else str(value) for value in values),
        info.padding or "-",
        info.activation or "-",
        str(field.size) if field else "-",
        f"{field.jump:g}" if field else "-",
    ]

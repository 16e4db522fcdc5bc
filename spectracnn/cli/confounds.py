"""``spectracnn confounds``: do age, sex or site alone predict the label, do layers encode them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.cli.cohort import add_table, as_count, data_files, named, read_cohort
from spectracnn.cli.inputs import add_inputs
from spectracnn.cli.network import BATCH, add_model, open_network, prepared
from spectracnn.cli.output import print_json, print_table
from spectracnn.cli.reporting import Reporter
from spectracnn.cli.shadow import shadow
from spectracnn.core.participants import Column
from spectracnn.errors import StudyError

if TYPE_CHECKING:
    import argparse

    from numpy.typing import NDArray

    from spectracnn.cli.cohort import Cohort
    from spectracnn.cli.inputs import Item
    from spectracnn.nn.loaded_model import LoadedModel
    from spectracnn.stats.probe import Target

SIGNIFICANT = 0.05


@dataclass(frozen=True, eq=False)
class Layers:
    """What a network computed for a sample of a cohort.

    Parameters
    ----------
    items : list of Item
        The n spectra.
    places : ndarray, shape (n,), int64
        Which of the cohort's spectra they are.
    rows : ndarray, shape (n,), int64
        The table's row of each.
    inputs : ndarray, shape (n, ...)
        The network's input.
    outputs : dict of str to ndarray, shape (n, features)
        Every layer's output, by name, in order.
    answer : ndarray, shape (n, classes)
        The network's final output.
    """

    items: list[Item]
    places: NDArray[np.int64]
    rows: NDArray[np.int64]
    inputs: NDArray[np.float32]
    outputs: dict[str, NDArray[np.float32]]
    answer: NDArray[np.float32]


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command's arguments."""
    parser = subparsers.add_parser(
        "confounds",
        help="say whether age, sex or site alone predict the label, and where they hide",
        description="Cross-validated linear probes: of the target by each covariate alone, and of "
        "each covariate in every layer's output; and linear models beside the network.",
    )
    add_inputs(parser)
    add_model(parser)
    add_table(parser, required=True)
    parser.add_argument("--target", required=True, metavar="COLUMN", help="the label")
    parser.add_argument("--against", required=True, metavar="A,B", help="the covariates")
    parser.add_argument("--structure", metavar="A,B", help="which structures (default: all)")
    parser.add_argument("--permutations", type=as_count, default=100, metavar="N")
    parser.add_argument("--seed", type=int, default=0, metavar="S", help="default: 0")
    parser.add_argument(
        "--most", type=as_count, default=1000, metavar="N", help="spectra, drawn at random: 1000"
    )
    parser.add_argument("--json", action="store_true", help="print a JSON object")


def run(args: argparse.Namespace) -> int:
    """Run the command."""
    reporter = Reporter()
    if args.seed < 0:
        raise StudyError(f"--seed: found {args.seed}, expected a whole number >= 0.")
    cohort = read_cohort(args, reporter, data_files(args, reporter))
    names = named(args.against)
    if not names:
        raise StudyError("--against: found no column, expected one or more.")
    columns = {name: _column(name, cohort) for name in (args.target, *names)}
    places = _sample(args, cohort, columns, reporter)
    network = open_network(args, reporter)
    layers = _traced(network, cohort, places, reporter)
    record = _probed(args, columns, layers, network, reporter)
    if args.json:
        print_json(record)
    else:
        _print_plain(record)
    return reporter.exit_code


def _column(name: str, cohort: Cohort) -> Column:
    """Return a column of the table, or a size of the spectra, with one cell a spectrum."""
    word = name.casefold()
    known = [own.casefold() for own in cohort.joined.table.names]
    if word in ("area", "volume") and word not in known:
        sizes = [getattr(item.spectrum, word) for item in cohort.items]
        return Column(name, np.array([np.nan if size is None else size for size in sizes], float))
    return cohort.joined.table.column(name).taken(np.array(cohort.rows, np.int64))


def _sample(
    args: argparse.Namespace, cohort: Cohort, columns: dict[str, Column], reporter: Reporter
) -> NDArray[np.int64]:
    keep = np.ones(len(cohort.items), bool)
    wanted = named(args.structure)
    if wanted:
        keep &= np.isin(np.array(cohort.structures), wanted)
        if not keep.any():
            raise StudyError(f"No spectrum is of the structure {', '.join(wanted)}.")
    for column in columns.values():
        lacking = int(np.count_nonzero(column.missing & keep))
        if lacking:
            reporter.note(str(args.table), f"{lacking:,} left out: no '{column.name}'.")
        keep &= ~column.missing
    places = np.flatnonzero(keep)
    if not places.size:
        raise StudyError("No spectrum is left that has all of the columns.")
    if places.size > args.most:
        reporter.note(str(args.table), f"{args.most:,} of {places.size:,} spectra were drawn.")
        draw = np.random.default_rng(args.seed)
        places = np.sort(draw.choice(places, args.most, replace=False))
    return places


def _traced(
    network: LoadedModel, cohort: Cohort, places: NDArray[np.int64], reporter: Reporter
) -> Layers:
    chosen = [cohort.items[place] for place in places]
    place_of = {id(item): place for item, place in zip(chosen, places, strict=True)}
    names = [layer.name for layer in network.description.layers]
    items: list[Item] = []
    inputs, answers = [], []
    outputs: list[list[NDArray[np.float32]]] = [[] for _ in names]
    for batch in prepared(network, chosen, reporter, force=True):
        for start in range(0, len(batch.items), BATCH):
            part = batch.inputs[start : start + BATCH]
            trace = network.trace_batch(part)
            inputs.append(part)
            answers.append(trace.output)
            for kept, (_, output) in zip(outputs, trace.layers, strict=True):
                kept.append(np.asarray(output).reshape(len(part), -1))
        items += batch.items
    if not items:
        raise StudyError("The model takes none of the spectra.")
    taken = np.array([place_of[id(item)] for item in items], np.int64)
    return Layers(
        items,
        taken,
        np.array(cohort.rows, np.int64)[taken],
        np.concatenate(inputs),
        {name: np.concatenate(kept) for name, kept in zip(names, outputs, strict=True)},
        np.concatenate(answers),
    )


def _probed(
    args: argparse.Namespace,
    columns: dict[str, Column],
    layers: Layers,
    network: LoadedModel,
    reporter: Reporter,
) -> dict[str, Any]:
    from spectracnn.stats.probe import compressed, target_of

    targets = {name: target_of(column.taken(layers.places)) for name, column in columns.items()}
    label, others = targets[args.target], [targets[name] for name in named(args.against)]
    raw = {"input": layers.inputs, **layers.outputs}
    spaces = {name: compressed(values) for name, values in raw.items()}
    total = len(others) + (len(others) > 1) + len(spaces) * (1 + len(others))
    with reporter.progress("Probing", total) as advance:
        alone = []
        for one in [*([other] for other in others), *([others] if len(others) > 1 else [])]:
            found = _probe(args, _numbers(one), label, layers.rows)
            name = " + ".join(other.name for other in one)
            alone.append({"covariate": name, "target": label.name} | found)
            advance(1)
        encoded = []
        for name, values in spaces.items():
            for target in (label, *others):
                found = _probe(args, values, target, layers.rows)
                encoded.append({"layer": name, "covariate": target.name} | found)
                advance(1)
    return {
        "n": len(layers.items),
        "participants": len(np.unique(layers.rows)),
        "target": label.name,
        "against": [other.name for other in others],
        "permutations": args.permutations,
        "seed": args.seed,
        "alone": alone,
        "layers": encoded,
        "shadow": shadow(layers, label, network.description.classes, args.seed),
        "verdict": _verdict(alone, encoded, label.name),
    }


def _numbers(targets: list[Target]) -> NDArray[np.float64]:
    """Return covariates as numbers: classes as indicators."""
    blocks = []
    for target in targets:
        values = target.values[:, None]
        blocks.append(values == np.arange(len(target.classes)) if target.classes else values)
    return np.hstack([np.asarray(block, np.float64) for block in blocks])


def _probe(
    args: argparse.Namespace,
    values: NDArray[np.float64],
    target: Target,
    units: NDArray[np.int64],
) -> dict[str, Any]:
    from spectracnn.stats.probe import probe

    found = probe(values, target, units, args.permutations, args.seed)
    return {
        "metric": target.metric,
        "score": found.score,
        "chance": target.chance,
        "permuted": found.permuted,
        "p": found.p,
    }


def _verdict(alone: list[dict[str, Any]], encoded: list[dict[str, Any]], label: str) -> list[str]:
    sentences = []
    for row in alone:
        word = "predicts" if row["p"] <= SIGNIFICANT else "does not predict"
        sentences.append(
            f"{row['covariate']} alone {word} {label}: {row['metric']} {row['score']:.2f}, "
            f"chance {row['chance']:.2f}, p = {row['p']:.3g}."
        )
    for name in dict.fromkeys(row["covariate"] for row in encoded if row["covariate"] != label):
        own = [row for row in encoded if row["covariate"] == name]
        hit = [row for row in own if row["p"] <= SIGNIFICANT]
        if hit:
            best = max(hit, key=lambda row: float(row["score"]))
            sentences.append(
                f"{name} can be read from {len(hit)} of {len(own)} layers, best from "
                f"{best['layer']} ({best['metric']} {best['score']:.2f})."
            )
        else:
            sentences.append(f"{name} cannot be read from any layer.")
    return sentences


def _print_plain(record: dict[str, Any]) -> None:
    for sentence in record["verdict"]:
        print(sentence)
    print()
    keys = ("score", "chance", "permuted", "p")
    rows = [
        [row["layer"], row["covariate"], row["metric"], *(f"{row[key]:.3f}" for key in keys)]
        for row in record["layers"]
    ]
    print_table(("layer", "looked for", "by", *keys), rows, {3, 4, 5, 6})
    if record["shadow"]:
        print()
        print(record["shadow"]["sentence"])

"""Which benchmarks there are, and the targets."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from benchmarks.figure import Figure

if TYPE_CHECKING:
    from collections.abc import Callable

# A benchmark is a module with ``run() -> dict`` of plain numbers and words.
BENCHMARKS = (
    "reading",
    "engine_trace",
    "batch_trace",
    "launch",
    "first_maps",
    "event_loop",
    "large_model",
    "hover",
    "pan",
    "what_if",
    "filter_edit",
    "training_epoch",
    "training_window",
    "eigen",
    "streaming",
    "cluster",
)

FIGURES = (
    Figure(
        "eigen",
        "speed_2562",
        "200 eigenvalues of a mesh of 2,562 vertices, one core: speed",
        "LaPy",
        ">=",
        3.0,
    ),
    Figure(
        "eigen",
        "speed_10242",
        "200 eigenvalues of a mesh of 10,242 vertices, one core: speed",
        "LaPy",
        ">=",
        3.0,
    ),
    Figure(
        "eigen",
        "speed_40962",
        "200 eigenvalues of a mesh of 40,962 vertices, one core: speed",
        "LaPy",
        ">=",
        3.0,
    ),
    Figure(
        "eigen",
        "memory_over_lapy",
        "200 eigenvalues of a mesh of 10,242 vertices: memory",
        "LaPy",
        "<=",
        1.0,
    ),
    Figure(
        "eigen",
        "two_cores",
        "200 eigenvalues of eight meshes of 10,242 vertices, two processes: speed",
        "one process",
        ">=",
        1.8,
    ),
    Figure("reading", "ratio", "Reading an `.ev` of 600 values: speed", "LaPy", ">=", 1.0),
    Figure(
        "engine_trace",
        "predict_per_layer_over_engine",
        "Tracing one spectrum through the engine: speed",
        "`predict` per layer",
        ">=",
        50.0,
    ),
    Figure(
        "engine_trace",
        "engine_over_bare_and_pipe",
        "Tracing one spectrum through the engine: time",
        "bare `tf.function` + bare pipe",
        "<=",
        3.0,
    ),
    Figure(
        "batch_trace",
        "throughput_of_bound",
        "Tracing 10,000 spectra to HDF5: throughput",
        "bare batched pass or plain write of the bytes, whichever takes longer",
        ">=",
        0.8,
    ),
    Figure(
        "batch_trace",
        "memory_10000_over_1000",
        "Tracing 10,000 spectra: peak memory",
        "the same with 1,000",
        "<=",
        1.05,  # allocators differ by a few per cent from run to run
    ),
    Figure(
        "streaming",
        "throughput_of_bare",
        "Classifying 100,000 spectra of one HDF5 file: throughput",
        "bare batched pass",
        ">=",
        0.5,
    ),
    Figure(
        "streaming",
        "memory_100000_over_10000",
        "Classifying 100,000 spectra: peak memory",
        "the same with 10,000",
        "<=",
        1.05,
    ),
    Figure(
        "cluster",
        "two_over_one",
        "Classifying 100,000 spectra with two workers: time",
        "one worker",
        "<=",
        0.8,
    ),
    Figure(
        "launch",
        "window_over_bare",
        "Launch to window shown: time",
        "bare PySide6 + pyqtgraph window",
        "<=",
        1.5,
    ),
    Figure(
        "first_maps",
        "maps_over_bare",
        "Launch to first maps: time",
        "bare TensorFlow import, load, first call",
        "<=",
        1.3,
    ),
    Figure(
        "event_loop",
        "launch_ms",
        "Worst event-loop gap at launch",
        "",
        "<=",
        50,
        "ms",
        "launch_cpu_ms",
    ),
    Figure(
        "event_loop",
        "inference_ms",
        "Worst event-loop gap during inference",
        "",
        "<=",
        50,
        "ms",
        "inference_cpu_ms",
    ),
    Figure(
        "event_loop",
        "batch_ms",
        "Worst event-loop gap during a batch",
        "",
        "<=",
        50,
        "ms",
        "batch_cpu_ms",
    ),
    Figure(
        "large_model",
        "open_ms",
        "Worst event-loop gap opening a model of 50 layers, 10 million parameters",
        "",
        "<=",
        50,
        "ms",
        "open_cpu_ms",
    ),
    Figure(
        "large_model",
        "trace_ms",
        "Worst event-loop gap stepping through spectra with it",
        "",
        "<=",
        50,
        "ms",
        "trace_cpu_ms",
    ),
    Figure(
        "hover", "frame_ms", "One hover update with 20 panels", "", "<=", 16, "ms", "frame_cpu_ms"
    ),
    Figure(
        "pan",
        "frame_ms",
        "One frame of panning 100 overlaid spectra",
        "",
        "<=",
        33,
        "ms",
        "frame_cpu_ms",
    ),
    Figure(
        "what_if",
        "update_ms",
        "One what-if update, from the edit to painted panels (30 a second)",
        "",
        "<=",
        33,
        "ms",
    ),
    Figure(
        "what_if",
        "gap_ms",
        "Worst event-loop gap during what-if updates",
        "",
        "<=",
        50,
        "ms",
        "gap_cpu_ms",
    ),
    Figure(
        "filter_edit",
        "update_ms",
        "One filter edit in the filter lab, from the edit to painted panels (30 a second)",
        "",
        "<=",
        33,
        "ms",
        "update_cpu_ms",
    ),
    Figure(
        "training_epoch",
        "ours_over_fit",
        "Training, one epoch of the tutorial's network on 300 spectra: processor time",
        "bare `model.fit`",
        "<=",
        1.15,
    ),
    Figure(
        "training_window",
        "gap_busiest_ms",
        "Worst event-loop turn while a network trains and the panels follow, processor time",
        "",
        "<=",
        50,
        "ms",
    ),
)


def load(name: str) -> Callable[[], dict[str, Any]]:
    """Return a benchmark's ``run``; only its module is imported."""
    run: Callable[[], dict[str, Any]] = import_module(f"benchmarks.{name}").run
    return run

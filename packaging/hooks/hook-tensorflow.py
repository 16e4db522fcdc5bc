"""What PyInstaller takes of TensorFlow: what is imported, instead of everything there is.

The hook that comes with PyInstaller takes all submodules and all data files: TensorFlow Lite, its
converters, the distributed parts, and the headers that C++ programs are compiled against.
"""

from pathlib import Path

from PyInstaller.utils.hooks import get_package_paths

_PACKAGE = Path(get_package_paths("tensorflow")[1])

# Imported by name when they are first used.
hiddenimports = [
    "tensorflow.compiler.tf2tensorrt.ops.gen_trt_ops",
    "tensorflow.lite.python._pywrap_analyzer_wrapper",
    "tensorflow.lite.python._pywrap_tensorflow_interpreter_wrapper",
    "tensorflow.lite.python._pywrap_tensorflow_lite_metrics_wrapper",
    "tensorflow.python.data.ops.batch_op",
    "tensorflow.python.data.ops.prefetch_op",
    "tensorflow.python.data.ops.repeat_op",
    "tensorflow.python.data.ops.shuffle_op",
]

# Loaded by its path at import.
binaries = [
    (str(path), str(path.parent.relative_to(_PACKAGE.parent)))
    for path in _PACKAGE.rglob("_audio_microfrontend_op.*")
    if path.suffix in {".so", ".pyd", ".dll", ".dylib"}
]

# AutoGraph reads the source of what it compiles.
module_collection_mode = {"tensorflow.python.autograph": "py+pyz"}

# Links beside the program would mislead TensorFlow about where it is installed.
bindepend_symlink_suppression = [
    "**/libtensorflow_cc.so*",
    "**/libtensorflow_framework.so*",
    "**/_pywrap_tensorflow_internal.so",
]

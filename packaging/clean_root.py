"""Installs a package into a system that holds nothing else, made by debootstrap."""

from __future__ import annotations

import contextlib
import os
import platform
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from running import WrongError

if TYPE_CHECKING:
    from collections.abc import Iterator

_QUIET = {
    "DEBIAN_FRONTEND": "noninteractive",
    "LC_ALL": "C.UTF-8",
    "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
}


def why_not() -> str:
    """Return why no such system can be made here; empty if it can."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return "only root may"
    if not shutil.which("debootstrap"):
        return "debootstrap is not installed"
    return ""


def install(package: Path, root: Path) -> list[str]:
    """Make a minimal system of this machine's release, and install a package as apt does it.

    Only the packages that it depends on come with it, not those that it recommends.

    Returns
    -------
    list of str
        The packages that came with it.
    """
    if not (root / "etc/os-release").exists():
        release = platform.freedesktop_os_release()["VERSION_CODENAME"]
        partial = root.with_name(f"{root.name}.partial")
        shutil.rmtree(partial, ignore_errors=True)
        partial.parent.mkdir(parents=True, exist_ok=True)
        _run(["debootstrap", "--variant=minbase", release, str(partial)])
        partial.rename(root)
    before = _installed(root)
    inside = Path(shutil.copy(package, root / "tmp"))
    try:
        _run(["chroot", str(root), "apt-get", "install", "--yes", "--no-install-recommends",
              f"/tmp/{inside.name}"])  # fmt: skip
    finally:
        inside.unlink()
    return sorted(_installed(root) - before)


@contextlib.contextmanager
def with_proc(root: Path) -> Iterator[None]:
    """Give a system the view of its processes that every running one has; TensorFlow reads it."""
    _run(["mount", "-t", "proc", "proc", str(root / "proc")])
    try:
        yield
    finally:
        _run(["umount", str(root / "proc")])


def remove(root: Path) -> None:
    """Remove the package and what came with it, and check that nothing of it is left."""
    _run(["chroot", str(root), "apt-get", "purge", "--yes", "--autoremove", "spectracnn"])
    left = [path for path in (root / "usr").rglob("*spectracnn*") if "cache" not in path.parts]
    if left:
        raise WrongError(f"the package leaves {left} behind when it is removed")


def _installed(root: Path) -> set[str]:
    command = ["chroot", str(root), "dpkg-query", "-W", "-f=${Package}\\n"]
    return set(_run(command).split())


def _run(command: list[str]) -> str:
    done = subprocess.run(command, env=os.environ | _QUIET, capture_output=True, text=True)
    if done.returncode:
        end = "\n".join((done.stdout + done.stderr).splitlines()[-15:])
        raise WrongError(f"{' '.join(command)} failed:\n{end}")
    return done.stdout

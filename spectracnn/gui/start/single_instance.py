"""One window for all files: a second launch hands its files to the window that is open.

A lock file decides who is first, because a file manager may start several at the same moment; a
local socket carries the files. By hand, because PySide6 has nothing for it: QtSingleApplication has
no bindings for Python.
"""

from __future__ import annotations

import getpass
import hashlib
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QDeadlineTimer, QDir, QLockFile, QObject, QSettings, Signal, Slot
from PySide6.QtNetwork import QLocalServer, QLocalSocket

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtCore import QByteArray

_CONNECT_MS = 3000
_ANSWER_MS = 10_000  # the first window may still be building itself
_MOST_BYTES = 16 << 20
_RECEIVED = b"taken\n"
_TOKEN = "XDG_ACTIVATION_TOKEN"


class SingleInstance(QObject):
    """Either the first window, which listens, or a later launch, which hands over.

    Parameters
    ----------
    name : str, optional
        Shared by the launches that belong together; those of one person with one settings file if
        not given.

    Signals
    -------
    filesReceived : list of str
        Another launch was given these, as absolute paths; empty to come to the front only.
    """

    filesReceived = Signal(object)

    def __init__(self, name: str = "", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._address = _address(name or _own_name())
        self._lock = QLockFile(f"{_lock_base(self._address)}.lock")
        self._lock.setStaleLockTime(0)  # a lock is stale when its process is gone, never by age
        self._server: QLocalServer | None = None
        self._texts: dict[QLocalSocket, bytes] = {}

    def claim(self) -> bool:
        """Become the first if there is none; launches to come are heard from now on."""
        if not self._lock.tryLock(0):
            return False
        # The socket of a first that crashed would be in the way; the lock says that it is gone.
        QLocalServer.removeServer(self._address)
        server = QLocalServer(self)
        server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        if not server.listen(self._address):
            self._lock.unlock()
            return False
        server.newConnection.connect(self._on_server_newConnection)
        self._server = server
        return True

    def hand_over(self, paths: Iterable[Path | str]) -> bool:
        """Give files to the first.

        Parameters
        ----------
        paths : iterable of path
            Relative ones are of this process's folder.

        Returns
        -------
        bool
            Whether the first has taken them.
        """
        socket = QLocalSocket()
        patience = QDeadlineTimer(_CONNECT_MS)
        # Whoever holds the lock listens in a moment.
        while True:
            socket.connectToServer(self._address)
            if socket.waitForConnected(200):
                break
            if patience.hasExpired():
                return False
        files = [os.path.abspath(path) for path in paths]
        message = {"files": files, "token": os.environ.get(_TOKEN, "")}
        socket.write(json.dumps(message).encode() + b"\n")
        while socket.bytesAvailable() < len(_RECEIVED):
            if not socket.waitForReadyRead(_ANSWER_MS):
                return False
        return _bytes(socket.readAll()) == _RECEIVED

    def close(self) -> None:
        """Stop listening; the next launch is the first. Safe to call twice."""
        if self._server is not None:
            self._server.close()
            self._server = None
        if self._lock.isLocked():
            self._lock.unlock()

    @Slot()
    def _on_server_newConnection(self) -> None:
        while self._server is not None and (socket := self._server.nextPendingConnection()):
            self._texts[socket] = b""
            socket.readyRead.connect(self._on_socket_readyRead)
            socket.disconnected.connect(self._on_socket_disconnected)
            if socket.bytesAvailable():
                self._read(socket)

    @Slot()
    def _on_socket_readyRead(self) -> None:
        socket = self.sender()
        if isinstance(socket, QLocalSocket) and socket in self._texts:
            self._read(socket)

    @Slot()
    def _on_socket_disconnected(self) -> None:
        socket = self.sender()
        if isinstance(socket, QLocalSocket):
            self._texts.pop(socket, None)
            socket.deleteLater()

    def _read(self, socket: QLocalSocket) -> None:
        text = self._texts[socket] + _bytes(socket.readAll())
        self._texts[socket] = text
        if len(text) > _MOST_BYTES:
            socket.abort()
        if not text.endswith(b"\n"):
            return
        self._texts[socket] = b""
        message = _parsed(text)
        if message is None:
            socket.abort()
            return
        files, token = message
        socket.write(_RECEIVED)
        socket.flush()
        if token:
            # Wayland lets a window come to the front only with what the launcher gave.
            os.environ[_TOKEN] = token
        self.filesReceived.emit(files)


def _parsed(text: bytes) -> tuple[list[str], str] | None:
    try:
        message = json.loads(text)
    except ValueError:
        return None
    if not isinstance(message, dict):
        return None
    files, token = message.get("files"), message.get("token", "")
    if not isinstance(files, list) or not all(isinstance(file, str) for file in files):
        return None
    return files, token if isinstance(token, str) else ""


def _bytes(array: QByteArray) -> bytes:
    return bytes(array.data())


def _own_name() -> str:
    """Return what launches of one person with one settings file have in common."""
    try:
        person = getpass.getuser()
    except (ImportError, KeyError, OSError):
        person = str(os.getuid()) if hasattr(os, "getuid") else ""
    return f"{person}\n{QSettings().fileName()}"


def _address(name: str) -> str:
    short = f"spectracnn-{hashlib.sha256(name.encode()).hexdigest()[:16]}"
    if sys.platform == "win32":
        return short
    # Only the person can enter this folder; the other one everybody can.
    private = os.environ.get("XDG_RUNTIME_DIR", "")
    folder = private if private and os.access(private, os.W_OK) else QDir.tempPath()
    return str(Path(folder, short))


def _lock_base(address: str) -> str:
    return address if Path(address).is_absolute() else str(Path(QDir.tempPath(), address))

"""Files in a folder, named by the SHA-256 of what they hold: written once, never changed.

A file is on the disk for good (fsync of file and folder) before the row that promises it is written. What no row ever
promised is taken away later: putting a file in again makes it young, and only old ones are removed, both under a lock.
"""

import datetime as dt
import fcntl
import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol


class Storage(Protocol):
    """Keeps bytes by their hash."""

    def put(self, content: bytes) -> str:
        """Keep *content* and return its SHA-256 as 64 hexadecimal digits; OSError when the disk refuses."""

    def get(self, key: str) -> bytes:
        """The bytes kept under *key*; FileNotFoundError if there are none."""

    def has(self, key: str) -> bool:
        """Whether something is kept under *key*."""

    def older(self, than: dt.datetime) -> Iterator[str]:
        """The keys of all files that were last put in before *than*; and what unfinished writing left is gone."""

    def remove(self, key: str, before: dt.datetime) -> bool:
        """Take a file away unless it was put in (again) since *before*; whether it went."""


class Folder:
    """A storage in a folder: ``ab/cdef…`` below *root*."""

    def __init__(self, root: str | Path) -> None:
        self.root = Path(root)

    def put(self, content: bytes) -> str:
        """See Storage.put: temporary file, fsync, rename, fsync of the folder."""
        key = hashlib.sha256(content).hexdigest()
        path = self._path(key)
        if self._renewed(path):
            return key
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(name).rename(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        self._sync(path.parent)
        return key

    def get(self, key: str) -> bytes:
        """See Storage.get; the bytes are checked against their name."""
        content = self._path(key).read_bytes()
        if hashlib.sha256(content).hexdigest() != key:
            raise OSError(f"the stored file {key} is damaged")
        return content

    def has(self, key: str) -> bool:
        """See Storage.has."""
        return self._path(key).exists()

    def older(self, than: dt.datetime) -> Iterator[str]:
        """See Storage.older."""
        for path in sorted(self.root.glob("??/*")):
            if not _is_before(path, than):
                continue
            if path.name.startswith(".new-"):
                path.unlink(missing_ok=True)
            elif len(path.parent.name + path.name) == 64:
                yield path.parent.name + path.name

    def remove(self, key: str, before: dt.datetime) -> bool:
        """See Storage.remove."""
        path = self._path(key)
        with self._locked(fcntl.LOCK_EX):
            if not _is_before(path, before):
                return False
            path.unlink()
            return True

    def _renewed(self, path: Path) -> bool:
        """Whether the file is there already; it is as young as a new one from now on."""
        if not path.exists():
            return False
        with self._locked(fcntl.LOCK_SH):
            try:
                os.utime(path)
            except FileNotFoundError:
                return False
            return True

    @contextmanager
    def _locked(self, how: int) -> Iterator[None]:
        """Many renew at once (shared), one removes alone (exclusive); across processes."""
        self.root.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self.root / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, how)
            yield
        finally:
            os.close(descriptor)

    def _path(self, key: str) -> Path:
        if len(key) != 64 or not set(key) <= set("0123456789abcdef"):
            raise FileNotFoundError(key)
        return self.root / key[:2] / key[2:]

    @staticmethod
    def _sync(folder: Path) -> None:
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _is_before(path: Path, moment: dt.datetime) -> bool:
    try:
        return path.stat().st_mtime < moment.timestamp()
    except FileNotFoundError:
        return False


def open_storage(address: str) -> Storage:
    """The storage at *address*: a folder. ValueError for kinds that are not there yet."""
    if "://" in address:
        raise ValueError("SKIP_STORAGE: bisher wird nur ein Ordner unterstützt.")
    return Folder(address)

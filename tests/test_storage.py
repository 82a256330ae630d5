"""The folder of files: what is put in comes out, a refusing disk leaves nothing, orphans go and nothing else."""

import datetime as dt
import os
from pathlib import Path

import pytest

from app import clock
from app.storage import Folder

pytestmark = pytest.mark.once

DAY = dt.timedelta(days=1)


@pytest.fixture
def folder(tmp_path):
    return Folder(tmp_path / "files")


def path_of(folder: Folder, key: str) -> Path:
    return folder.root / key[:2] / key[2:]


def make_old(folder: Folder, key: str) -> None:
    os.utime(path_of(folder, key), (0, 0))


def test_bytes_come_back_as_they_were(folder):
    content = bytes(range(256)) * 1000
    assert folder.get(folder.put(content)) == content


def test_a_refusing_disk_leaves_nothing_behind(folder, monkeypatch):
    def full(_descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("app.storage.os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        folder.put(b"words")
    assert [path for path in folder.root.rglob("*") if path.is_file()] == []


def test_a_damaged_file_is_never_handed_out(folder):
    key = folder.put(b"words")
    path_of(folder, key).write_bytes(b"other words")
    with pytest.raises(OSError, match="damaged"):
        folder.get(key)


def test_only_old_files_are_listed_and_removed(folder):
    old, young = folder.put(b"old"), folder.put(b"young")
    make_old(folder, old)
    before = clock.now() - DAY
    assert list(folder.older(before)) == [old]
    assert folder.remove(old, before)
    assert not folder.has(old)
    assert not folder.remove(young, before)
    assert folder.has(young)


def test_putting_in_again_makes_a_file_young(folder):
    """Between looking and removing somebody uploads the same file: it stays."""
    key = folder.put(b"words")
    make_old(folder, key)
    before = clock.now() - DAY
    assert list(folder.older(before)) == [key]
    assert folder.put(b"words") == key
    assert not folder.remove(key, before)
    assert folder.get(key) == b"words"


def test_what_unfinished_writing_left_goes_too(folder):
    key = folder.put(b"words")
    left = path_of(folder, key).parent / ".new-abc"
    left.write_bytes(b"half")
    os.utime(left, (0, 0))
    assert list(folder.older(clock.now() - DAY)) == []
    assert not left.exists()


def test_removing_what_is_gone_is_no_fault(folder):
    assert not folder.remove("0" * 64, clock.now())

"""A disk in memory that can lose its power.

What a program wrote is on the disk for sure only once it was synced: the bytes of a file by a sync
of the file, a name by a sync of its folder. Until then each write, each cut and each name may have
arrived or not, whatever came before or after it, and a write may have arrived in some of its
sectors only. That is more than any file system loses, so what survives it survives them all.
"""

from __future__ import annotations

import itertools
import random
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from tests.torture.recording import Call

SECTORS = (512, 4096)
"""What a disk writes at once, in bytes."""


@dataclass
class Write:
    """Bytes at a place of a file; without any, the file was cut or lengthened to there."""

    at: int
    data: bytes | None

    def onto(self, file: bytearray) -> None:
        """Let it arrive."""
        if self.data is None:
            del file[self.at :]
            file.extend(bytes(self.at - len(file)))
            return
        file.extend(bytes(max(0, self.at - len(file))))
        file[self.at : self.at + len(self.data)] = self.data

    def torn(self, chance: random.Random) -> list[Write]:
        """Those of its sectors that arrived."""
        if self.data is None:
            return [self]
        size, end = chance.choice(SECTORS), self.at + len(self.data)
        edges = [self.at, *range(self.at - self.at % size + size, end, size), end]
        return [
            Write(begin, self.data[begin - self.at : stop - self.at])
            for begin, stop in itertools.pairwise(edges)
            if chance.random() < 0.5
        ]


@dataclass
class File:
    """A file: as the program sees it, as it surely is on the disk, and what is between."""

    live: bytearray = field(default_factory=bytearray)
    sure: bytearray = field(default_factory=bytearray)
    pending: list[Write] = field(default_factory=list)

    def write(self, one: Write) -> None:
        """The program writes."""
        one.onto(self.live)
        self.pending.append(one)

    def sync(self) -> None:
        """All that was written is on the disk."""
        for one in self.pending:
            one.onto(self.sure)
        self.pending.clear()


@dataclass
class Folder:
    """A folder; a pending change is the names it gives and takes, all at once."""

    live: dict[str, File | Folder] = field(default_factory=dict)
    sure: dict[str, File | Folder] = field(default_factory=dict)
    pending: list[dict[str, File | Folder | None]] = field(default_factory=list)

    def change(self, **names: File | Folder | None) -> None:
        """Give names to what is in the folder, or take them (``None``)."""
        _rename(self.live, names)
        self.pending.append(names)

    def sync(self) -> None:
        """The names are on the disk."""
        self.sure = dict(self.live)
        self.pending.clear()


Names = dict[str, File | Folder | None]


def _rename(names: dict[str, File | Folder], changed: Names) -> None:
    for name, node in changed.items():
        if node is None:
            names.pop(name, None)
        else:
            names[name] = node


@dataclass
class _Open:
    node: File | Folder
    at: int = 0
    appends: bool = False


class Disk:
    """What is below one folder of the real file system, as recorded calls make it."""

    def __init__(self, root: Path) -> None:
        self._root = PurePosixPath(root)
        self.top = Folder()
        self._held: dict[int, _Open] = {}
        self.writes = 0

    # --- what the program does

    def apply(self, call: Call) -> None:
        """Let a call happen; one that is not about this folder is passed over."""
        handler = getattr(self, f"_{call.name.removesuffix('64')}", None)
        if handler is None:
            raise ValueError(f"the disk does not know {call.name}")
        handler(call.arguments, call.result)

    def _find(self, path: PurePosixPath) -> File | Folder | None:
        if not path.is_relative_to(self._root):
            return None
        node: File | Folder | None = self.top
        for part in path.relative_to(self._root).parts:
            node = node.live.get(part) if isinstance(node, Folder) else None
        return node

    def _place(self, told: str | bytes) -> tuple[Folder, str] | None:
        assert isinstance(told, bytes)
        path = PurePosixPath(told.decode("utf-8", "surrogateescape"))
        if not path.is_absolute() or not path.is_relative_to(self._root) or path == self._root:
            return None
        parent = self._find(path.parent)
        return (parent, path.name) if isinstance(parent, Folder) else None

    def _openat(self, a: list[str | bytes], result: int) -> None:
        self._held.pop(result, None)
        told, flags = a[1], str(a[2])
        assert isinstance(told, bytes)
        path = PurePosixPath(told.decode("utf-8", "surrogateescape"))
        node = self._find(path)
        place = self._place(told)
        if node is None and place is not None and "O_CREAT" in flags:
            node = File()
            place[0].change(**{place[1]: node})
        elif isinstance(node, File) and "O_TRUNC" in flags and node.live:
            node.write(Write(0, None))
        if node is not None:
            self._held[result] = _Open(node, appends="O_APPEND" in flags)

    def _open(self, a: list[str | bytes], result: int) -> None:
        self._openat(["AT_FDCWD", *a], result)

    def _close(self, a: list[str | bytes], _: int) -> None:
        self._held.pop(_number(a[0]), None)

    def _dup(self, a: list[str | bytes], result: int) -> None:
        self._held.pop(result, None)
        if _number(a[0]) in self._held:
            self._held[result] = self._held[_number(a[0])]

    _dup2 = _dup3 = _dup

    def _fcntl(self, a: list[str | bytes], result: int) -> None:
        if str(a[1]).startswith("F_DUPFD"):
            self._dup(a, result)

    def _lseek(self, a: list[str | bytes], result: int) -> None:
        if _number(a[0]) in self._held:
            self._held[_number(a[0])].at = result

    def _put(self, descriptor: int, data: bytes, at: int | None = None) -> None:
        held = self._held.get(descriptor)
        if held is None or not isinstance(held.node, File):
            return
        self.writes += 1
        if at is None:
            at = len(held.node.live) if held.appends else held.at
            held.at = at + len(data)
        held.node.write(Write(at, data))

    def _write(self, a: list[str | bytes], result: int) -> None:
        assert isinstance(a[1], bytes)
        self._put(_number(a[0]), a[1][:result])

    def _pwrite(self, a: list[str | bytes], result: int) -> None:
        assert isinstance(a[1], bytes)
        self._put(_number(a[0]), a[1][:result], _number(a[3]))

    def _ours_untouched(self, a: list[str | bytes], _: int) -> None:
        """Calls that the disk cannot follow: they must not be about its files."""
        for one in a[:2]:
            if isinstance(one, str) and one.isdigit() and int(one) in self._held:
                raise ValueError("a file of the disk is written in a way that is not followed")

    _writev = _pwritev = _sync_file_range = _ours_untouched

    def _mmap(self, a: list[str | bytes], _: int) -> None:
        words = ",".join(str(one) for one in a)
        if "MAP_SHARED" in words and "PROT_WRITE" in words:
            self._ours_untouched([a[4]], 0)

    def _copied(self, source: int, target: int, at: int | None, size: int) -> None:
        held = self._held.get(source)
        if held is None or not isinstance(held.node, File):
            self._ours_untouched([str(target)], 0)
            return
        begin = held.at if at is None else at
        if at is None:
            held.at += size
        self._put(target, bytes(held.node.live[begin : begin + size]))

    def _sendfile(self, a: list[str | bytes], result: int) -> None:
        offset = _number_or_none(a[2])
        self._copied(_number(a[1]), _number(a[0]), offset, result)

    def _copy_file_range(self, a: list[str | bytes], result: int) -> None:
        self._copied(_number(a[0]), _number(a[2]), _number_or_none(a[1]), result)

    def _ftruncate(self, a: list[str | bytes], _: int) -> None:
        held = self._held.get(_number(a[0]))
        if held is not None and isinstance(held.node, File):
            self.writes += 1
            held.node.write(Write(_number(a[1]), None))

    def _truncate(self, a: list[str | bytes], _: int) -> None:
        place = self._place(a[0])
        node = None if place is None else place[0].live.get(place[1])
        if isinstance(node, File):
            node.write(Write(_number(a[1]), None))

    def _fallocate(self, a: list[str | bytes], _: int) -> None:
        held = self._held.get(_number(a[0]))
        if held is not None and isinstance(held.node, File):
            end = _number(a[2]) + _number(a[3])
            if end > len(held.node.live):
                held.node.write(Write(end, None))

    def _fsync(self, a: list[str | bytes], _: int) -> None:
        held = self._held.get(_number(a[0]))
        if held is not None:
            held.node.sync()

    _fdatasync = _fsync

    def _rename(self, a: list[str | bytes], _: int) -> None:
        self._moved(a[0], a[1], stays=False)

    def _renameat(self, a: list[str | bytes], _: int) -> None:
        self._moved(a[1], a[3], stays=False)

    _renameat2 = _renameat

    def _link(self, a: list[str | bytes], _: int) -> None:
        self._moved(a[0], a[1], stays=True)

    def _linkat(self, a: list[str | bytes], _: int) -> None:
        self._moved(a[1], a[3], stays=True)

    def _moved(self, source: str | bytes, target: str | bytes, *, stays: bool) -> None:
        old, new = self._place(source), self._place(target)
        if old is None and new is None:
            return
        assert old is not None and new is not None, "something was moved onto or off the disk"
        node = old[0].live[old[1]]
        if stays:
            new[0].change(**{new[1]: node})
        elif old[0] is new[0]:
            old[0].change(**{old[1]: None, new[1]: node})
        else:
            new[0].change(**{new[1]: node})
            old[0].change(**{old[1]: None})

    def _unlink(self, a: list[str | bytes], _: int) -> None:
        place = self._place(a[0])
        if place is not None:
            place[0].change(**{place[1]: None})

    def _unlinkat(self, a: list[str | bytes], _: int) -> None:
        told = a[1]
        held = self._held.get(_number_or_none(a[0]) or -1)
        if isinstance(told, bytes) and held is not None and isinstance(held.node, Folder):
            held.node.change(**{told.decode(): None})
        else:
            self._unlink([told], 0)

    _rmdir = _unlink

    def _mkdir(self, a: list[str | bytes], _: int) -> None:
        place = self._place(a[0])
        if place is not None:
            place[0].change(**{place[1]: Folder()})

    def _mkdirat(self, a: list[str | bytes], _: int) -> None:
        self._mkdir(a[1:], 0)

    # --- what is left of it

    def written_out(self, folder: Path) -> None:
        """The disk as the program sees it."""
        _write_out(self.top.live, folder, lambda node: bytes(node.live), lambda node: node.live)

    def after_a_cut(self, folder: Path, chance: random.Random) -> str:
        """What is found on the disk after its power went now; returns the way it was lost."""
        way = chance.choice(("nothing", "everything", "some", "some", "most", "torn", "torn"))
        share = {"nothing": 0.0, "everything": 1.0, "most": 0.9, "torn": 0.7}.get(way, 0.5)

        def bytes_of(file: File) -> bytes:
            left = bytearray(file.sure)
            for one in file.pending:
                if chance.random() >= share:
                    continue
                parts = one.torn(chance) if way == "torn" and chance.random() < 0.5 else [one]
                for part in parts:
                    part.onto(left)
            return bytes(left)

        def names_of(found: Folder) -> dict[str, File | Folder]:
            left = dict(found.sure)
            for one in found.pending:
                if chance.random() < share:
                    _rename(left, one)
            return left

        _write_out(names_of(self.top), folder, bytes_of, names_of)
        return way


def _write_out(names, folder, bytes_of, names_of) -> None:  # type: ignore[no-untyped-def]
    folder.mkdir()
    for name, node in names.items():
        if isinstance(node, Folder):
            _write_out(names_of(node), folder / name, bytes_of, names_of)
        else:
            (folder / name).write_bytes(bytes_of(node))


def _number(told: str | bytes) -> int:
    assert isinstance(told, str)
    return int(told, 0)


def _number_or_none(told: str | bytes) -> int | None:
    """A number, also in brackets (``[4096]``); none where there is a word (``NULL``)."""
    text = str(told).strip("[] ")
    return int(text) if text.isdigit() else None

"""What kind of file it is by its bytes, and whether a package is safe to unpack.

Nothing is handed to a library before every part has been unpacked once against the limits:
a zip states sizes that need not be true, and both libraries would take a part of any size.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from dataclasses import dataclass
from typing import Literal

from fieldkit.workbook.errors import (
    WorkbookDamaged,
    WorkbookKindUnknown,
    WorkbookProtected,
    WorkbookTooLarge,
)
from fieldkit.workbook.load.other_files import what_else
from fieldkit.workbook.load.parts import CHECKED, declares_entities, hides_its_signs, part_key
from fieldkit.workbook.values.words import limit
from storage.ops.text import many, size

FileKind = Literal["xlsx", "xlsm", "ods", "xls", "csv"]
OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_CHUNK = 1 << 20
_SAVE_AS = "Open it in a spreadsheet program and save it as .xlsx, then try again."


@dataclass(frozen=True, slots=True)
class Package:
    """Holds the checked parts of a zip package and what travels in it that is never opened."""

    names: frozenset[str]
    carries: tuple[str, ...]


def _utf16(text: str) -> bytes:
    return text.encode("utf-16-le")


def sniff(data: bytes, name: str) -> FileKind:
    """Return the kind of the file from its bytes, whatever its name says.

    Raises `WorkbookKindUnknown` for kinds that are not read, `WorkbookProtected` for a workbook
    under a password, `WorkbookDamaged` for an empty file or a zip without a table of contents.
    """
    if not data:
        raise WorkbookDamaged(f"{name} is empty: ask for the file again. Nothing was changed.")
    if data.startswith(OLE):
        return _sniff_ole(data, name)
    if data[:2] == b"PK":
        return _sniff_zip(data, name)
    if (sentence := what_else(data, name)) is not None:
        raise WorkbookKindUnknown(sentence)
    return "csv"


def _sniff_ole(data: bytes, name: str) -> FileKind:
    if _utf16("EncryptedPackage") in data:
        raise WorkbookProtected(
            f"{name} is protected with a password, so nothing of it was read. Ask the force for a "
            "copy without one, or save one in a spreadsheet program."
        )
    if _utf16("WordDocument") in data or _utf16("PowerPoint Document") in data:
        raise WorkbookKindUnknown(f"{name} is an Office document, but not a workbook.")
    if _utf16("__properties_version1.0") in data:
        raise WorkbookKindUnknown(
            f"{name} is an e-mail message, not a workbook. Save the workbook out of it."
        )
    return "xls"


def _sniff_zip(data: bytes, name: str) -> FileKind:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            names = {part_key(part.filename): part for part in package.infolist()}
            mime = ""
            if "mimetype" in names and names["mimetype"].file_size < 200:
                mime = package.read(names["mimetype"]).decode("ascii", "replace").strip()
            elif "meta-inf/manifest.xml" in names and "content.xml" in names:
                mime = _mime_in(package, names["meta-inf/manifest.xml"])
    except Exception as error:  # zipfile raises many kinds for a damaged file
        raise WorkbookDamaged(
            f"{name} begins like a workbook but is damaged or cut short ({_short(error)}). "
            "Nothing was changed; ask for the file again."
        ) from error
    if "opendocument.spreadsheet" in mime:
        return "ods"
    if "xl/workbook.bin" in names:
        raise WorkbookKindUnknown(f"{name} is a binary workbook (.xlsb). {_SAVE_AS}")
    if any(part.startswith("word/") or part.startswith("ppt/") for part in names) or mime:
        raise WorkbookKindUnknown(f"{name} is a document, but not a workbook.")
    lists = {"[content_types].xml", "_rels/.rels"} & {*names}
    if "xl/workbook.xml" in names or (lists and any(part.startswith("xl/") for part in names)):
        return "xlsm" if any(part.endswith("vbaproject.bin") for part in names) else "xlsx"
    if any(part.endswith(".iwa") for part in names):
        raise WorkbookKindUnknown(
            f"{name} is a document of Numbers. Export it from there as .xlsx, then try again."
        )
    inside = [part for part in names if part.endswith((".xlsx", ".xlsm", ".xls", ".ods", ".csv"))]
    if inside:
        raise WorkbookKindUnknown(
            f"{name} is a zip file with {many(len(inside), 'workbook')} in it. Unpack it and "
            "choose the workbook."
        )
    if any(part.endswith((".html", ".htm")) for part in names):
        raise WorkbookKindUnknown(f"{name} is a web page packed as a zip file, not a workbook.")
    raise WorkbookKindUnknown(f"{name} is a zip file, but there is no workbook in it.")


def _mime_in(package: zipfile.ZipFile, manifest: zipfile.ZipInfo) -> str:
    """Return what a manifest says the package is, where the part for that is missing."""
    if manifest.file_size > _CHUNK:
        return ""
    with package.open(manifest) as file:
        start = file.read(_CHUNK)
    return "opendocument.spreadsheet" if b"opendocument.spreadsheet" in start else ""


def check_package(data: bytes, name: str) -> Package:
    """Unpack every part once without keeping it, against the limits of ``limits.toml``.

    Raises `WorkbookTooLarge` for a bomb, `WorkbookProtected` for encrypted parts and
    `WorkbookDamaged` for damage or for declarations no spreadsheet program writes.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            return _check_parts(package, len(data), name)
    except (WorkbookTooLarge, WorkbookProtected, WorkbookDamaged):
        raise
    except Exception as error:  # zipfile and zlib raise many kinds for damage
        raise WorkbookDamaged(
            f"{name} is damaged: a part of it cannot be unpacked ({_short(error)}). "
            "Nothing was changed; ask for the file again."
        ) from error


def _check_parts(package: zipfile.ZipFile, packed: int, name: str) -> Package:
    parts = package.infolist()
    if len(parts) > limit("file", "parts"):
        raise WorkbookTooLarge(
            f"{name} has {len(parts):,} parts inside; a workbook has a few dozen. It was refused."
        )
    if any(len(part.filename) > limit("file", "part_name_characters") for part in parts):
        raise WorkbookDamaged(f"{name} has a part with an impossible name. It was refused.")
    if len({part_key(part.filename) for part in parts}) != len(parts):
        raise WorkbookDamaged(
            f"{name} has the same part twice, so what it shows depends on the program. Refused."
        )
    declared = sum(part.file_size for part in parts)
    _check_size(declared, packed, name)
    unpacked = 0
    for part in parts:
        if part.flag_bits & 0x1:
            raise WorkbookProtected(
                f"{name} is protected with a password, so nothing of it was read. Ask the force "
                "for a copy without one."
            )
        unpacked = _check_part(package, part, unpacked, packed, name)
    manifest = next(
        (one for one in parts if part_key(one.filename) == "meta-inf/manifest.xml"), None
    )
    if manifest is not None and b"encryption-data" in package.read(manifest):
        raise WorkbookProtected(
            f"{name} is protected with a password, so nothing of it was read. Ask the force for a "
            "copy without one, or save one in a spreadsheet program."
        )
    return Package(frozenset(part.filename for part in parts), _carries(parts))


def _check_part(
    package: zipfile.ZipFile, part: zipfile.ZipInfo, unpacked: int, packed: int, name: str
) -> int:
    is_xml = part.filename.lower().endswith(CHECKED)
    tail = b""
    inflate = _Inflate(package, part)
    while chunk := inflate.read(_CHUNK):
        unpacked += len(chunk)
        _check_size(unpacked, packed, name)
        if is_xml:
            if not tail and hides_its_signs(chunk):
                raise WorkbookDamaged(
                    f"{name} has a part whose letters are coded as no spreadsheet program writes "
                    "them, such as UTF-7, which can hide what stands there. It was refused and "
                    "nothing was changed; ask for it saved anew as .xlsx."
                )
            if declares_entities(tail + chunk):
                raise WorkbookDamaged(
                    f"{name} declares entities in its XML, which no spreadsheet program does and "
                    "which can be used to exhaust a computer. It was refused."
                )
            tail = chunk[-24:]
    return unpacked


class _Inflate:
    """Unpacks a part by the packed bytes themselves: the sizes stated beside it may be false."""

    def __init__(self, package: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
        if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise zipfile.BadZipFile("a packing method that spreadsheet programs do not use")
        self._stored = part.compress_type == zipfile.ZIP_STORED
        self._zlib = zlib.decompressobj(-15)
        raw = zipfile.ZipInfo(part.filename)
        raw.header_offset = part.header_offset
        raw.compress_type = zipfile.ZIP_STORED
        raw.compress_size = raw.file_size = part.compress_size
        raw.orig_filename = part.orig_filename
        raw.flag_bits = part.flag_bits
        # The packed bytes, read as if stored and without a checksum, which is of the unpacked ones.
        self._file = package.open(raw)
        self._pending = b""

    def read(self, size: int) -> bytes:
        """Return at most `size` unpacked bytes; empty at the end."""
        if self._stored:
            return self._file.read(size)
        while not self._zlib.eof:
            packed = self._pending or self._file.read(65536)
            if not packed:
                return self._zlib.flush()
            out = self._zlib.decompress(packed, size)
            self._pending = self._zlib.unconsumed_tail
            if out:
                return out
        return b""


def _check_size(unpacked: int, packed: int, name: str) -> None:
    most = limit("file", "unpacked_bytes")
    if unpacked > most:
        raise WorkbookTooLarge(
            f"{name} would unpack to more than {size(most)}, far beyond any "
            "self-assessment. It was refused and nothing was changed."
        )
    ratio = limit("file", "ratio")
    if unpacked > limit("file", "ratio_from_bytes") and unpacked > ratio * packed:
        raise WorkbookTooLarge(
            f"{name} unpacks to more than {ratio} times its size, as files made to exhaust a "
            "computer do. It was refused and nothing was changed."
        )


def _carries(parts: list[zipfile.ZipInfo]) -> tuple[str, ...]:
    names = [part.filename.lower() for part in parts]
    parts_known = (
        (
            "macros",
            any(
                n.endswith("vbaproject.bin") or n.startswith(("basic/", "scripts/")) for n in names
            ),
        ),
        ("links to other workbooks", any("/externallinks/" in n for n in names)),
        ("data connections", any("xl/connections.xml" in n or "/querytables/" in n for n in names)),
        ("embedded files", any("/embeddings/" in n or n.startswith("object ") for n in names)),
        ("controls", any("/activex/" in n or "/ctrlprops/" in n for n in names)),
    )
    return tuple(word for word, there in parts_known if there)


def _short(error: Exception) -> str:
    """Return the kind of a library's error in a word; its text may quote the file."""
    return {
        "BadZipFile": "not a whole zip",
        "error": "not unpackable",
        "EOFError": "cut short",
        "NotImplementedError": "an unknown packing method",
    }.get(type(error).__name__, type(error).__name__)

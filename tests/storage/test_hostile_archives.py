"""An archive from anywhere costs little, is refused in a few words, and gives nothing if it is not whole."""

from __future__ import annotations

import gzip
import io
import os
import struct
import subprocess
import tarfile
from collections.abc import Iterable
from pathlib import Path

import pytest

from careerkit.core.errors import Problem, Refused
from careerkit.core.text import hash_sha256
from careerkit.storage.backup import create_backup, read_members, verify_backup
from measured_process import call_within_limits

EMPTY_BLOCKS = bytes(1024)
ENTRY = "entries/2026-11/20261122T0905Z-{:06}.toml"


def header(name: str, size: int, kind: bytes = b"0", *, field: bytes | None = None) -> bytes:
    """A header as tar writes it; `field` is the size as it stands there."""
    info = tarfile.TarInfo(name[:90])
    info.type = kind
    block = bytearray(info.tobuf(tarfile.USTAR_FORMAT)[:512])
    block[124:136] = field or b"%011o\0" % size
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % sum(block)
    return bytes(block)


def member(name: str, data: bytes, kind: bytes = b"0") -> bytes:
    return header(name, len(data), kind) + data + bytes(-len(data) % 512)


def pax(**records: str) -> bytes:
    """The extension header with these records."""
    data = b""
    for key, value in records.items():
        rest = f" {key}={value}\n".encode()
        length = len(rest) + len(str(len(rest) + len(str(len(rest)))))
        data += str(length).encode() + rest
    return member("pax", data, b"x")


def pack(path: Path, parts: Iterable[bytes], level: int = 9) -> str:
    with gzip.open(path, "wb", compresslevel=level) as file:
        for part in parts:
            file.write(part)
    return str(path)


def base_256(size: int) -> bytes:
    return b"\x80" + size.to_bytes(11, "big")


def with_sums(files: dict[str, bytes]) -> list[bytes]:
    sums = "".join(f"{hash_sha256(data)}  {path}\n" for path, data in files.items()).encode()
    return [*(member(path, data) for path, data in files.items()), member("SHA256SUMS", sums), EMPTY_BLOCKS]


def try_to_restore(archive: str) -> list[Problem]:
    """The problems for which an archive is refused; none if it is accepted and read."""
    try:
        verify_backup(archive)
        for _ in read_members(archive):
            pass
    except Refused as refused:
        return list(refused.problems)
    return []


MEBIBYTE = bytes(1 << 20)
HOSTILE = {
    "an extension header of 300 MB": lambda: [header("pax", 300 << 20, b"x"), *[MEBIBYTE] * 300],
    "a long name of 300 MB": lambda: [header("@LongLink", 300 << 20, b"L"), *[MEBIBYTE] * 300],
    "a global header of 300 MB": lambda: [header("pax", 300 << 20, b"g"), *[MEBIBYTE] * 300],
    "a file of 2^62 bytes": lambda: [header("careerkit.toml", 0, field=base_256(1 << 62)), EMPTY_BLOCKS],
    "a negative size": lambda: [header("careerkit.toml", 0, field=b"\xff" * 12), EMPTY_BLOCKS],
    "an extension header of 2^62 bytes": lambda: [header("pax", 0, b"x", field=base_256(1 << 62)), EMPTY_BLOCKS],
    "a size of 2^62 in an extension header": lambda: [
        pax(size=str(1 << 62)),
        member("careerkit.toml", b""),
        EMPTY_BLOCKS,
    ],
    "a size that is no number": lambda: [header("careerkit.toml", 0, field=b"9" * 12), EMPTY_BLOCKS],
    "five thousand nested headers": lambda: [*[pax(path="careerkit.toml")] * 5000, member("x", b""), EMPTY_BLOCKS],
    "five thousand nested long names": lambda: [*[member("L", b"x", b"L")] * 5000, member("x", b""), EMPTY_BLOCKS],
    "a path 2,000 deep": lambda: [pax(path="/".join(["a"] * 2000)), member("x", b"x"), EMPTY_BLOCKS],
    "a path of 60,000 characters": lambda: [pax(path="entries/" + "x" * 60_000), member("x", b"x"), EMPTY_BLOCKS],
    "a record with a length of 2^60": lambda: [member("x", b"1152921504606846976 path=x\n", b"x"), EMPTY_BLOCKS],
    "300 MB of zeros in a file": lambda: [header("careerkit.toml", 1 << 28), *[MEBIBYTE] * 300],
    "300 MB of zeros after the end": lambda: [*with_sums({"careerkit.toml": b"x"}), *[MEBIBYTE] * 300],
    "a list of checksums of 100 MB": lambda: [header("SHA256SUMS", 100 << 20), *[MEBIBYTE] * 100, EMPTY_BLOCKS],
    "a sparse file": lambda: [member("careerkit.toml", b"", b"S"), EMPTY_BLOCKS],
    "two files of one name": lambda: [member("careerkit.toml", b"")] * 2 + [EMPTY_BLOCKS],
    "something behind the checksums": lambda: [*with_sums({})[:-1], member("careerkit.toml", b""), EMPTY_BLOCKS],
    "a header without a file": lambda: [*with_sums({})[:-1], pax(path="careerkit.toml"), EMPTY_BLOCKS],
    "random bytes": lambda: [b"\x5a" * 5120],
    "nothing": list,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_archive_is_refused_quickly_and_in_few_words(tmp_path, name):
    archive = pack(tmp_path / "hostile.tar.gz", HOSTILE[name](), level=1)

    (problem,) = call_within_limits(try_to_restore, archive)

    assert problem.code == "backup-damaged"
    assert len(problem.message) < 300
    assert problem.message.isprintable()


def test_sixty_thousand_files_are_read_or_refused_in_time(tmp_path):
    archive = pack(tmp_path / "many.tar.gz", with_sums({ENTRY.format(number): b"" for number in range(60_000)}))

    assert call_within_limits(lambda: verify_backup(archive)) == 60_000


@pytest.mark.parametrize("missing", [1, 4, 8, 9, 25, 100])
def test_an_archive_without_its_end_is_refused_and_that_is_said(tmp_path, missing):
    whole = Path(pack(tmp_path / "whole.tar.gz", with_sums({ENTRY.format(0): os.urandom(5000)})))
    cut = tmp_path / "cut.tar.gz"
    cut.write_bytes(whole.read_bytes()[:-missing])

    assert try_to_restore(str(whole)) == []
    assert [(problem.code, "its end is missing" in problem.message) for problem in try_to_restore(str(cut))] == [
        ("backup-damaged", True)
    ]


def test_an_archive_that_ends_between_two_files_is_refused(tmp_path):
    parts = with_sums({ENTRY.format(0): b"x", ENTRY.format(1): b"y"})

    for end in range(len(parts)):
        assert try_to_restore(pack(tmp_path / "cut.tar.gz", parts[:end])), end


def test_bytes_after_the_end_are_refused_and_zeros_are_not(tmp_path):
    archive = Path(pack(tmp_path / "whole.tar.gz", with_sums({ENTRY.format(0): b"x"})))
    whole = archive.read_bytes()

    archive.write_bytes(whole + bytes(5000))
    assert try_to_restore(str(archive)) == []
    archive.write_bytes(whole + whole)
    assert [problem.code for problem in try_to_restore(str(archive))] == ["backup-damaged"]


@pytest.mark.parametrize("form", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_archives_of_all_three_formats_are_read(tmp_path, form):
    long_name = f"quarantine/{'é' * 90}.toml"
    files = {"careerkit.toml": b"x", ENTRY.format(0): b"y" * 1000}
    files |= {long_name: b"z"} if form != tarfile.USTAR_FORMAT else {}
    sums = "".join(f"{hash_sha256(data)}  {path}\n" for path, data in files.items()).encode()
    with tarfile.open(tmp_path / "a.tar.gz", "w:gz", format=form) as tar:
        for path, data in {**files, "SHA256SUMS": sums}.items():
            info = tarfile.TarInfo(path)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))

    assert dict(read_members(str(tmp_path / "a.tar.gz"))) == files
    assert verify_backup(str(tmp_path / "a.tar.gz")) == len(files)


@pytest.mark.parametrize("form", ["gnu", "posix", "ustar"])
def test_an_archive_that_the_program_tar_made_is_read(tmp_path, form, need_tool):
    files = {"careerkit.toml": b"x", ENTRY.format(0): b"y" * 1000}
    sums = "".join(f"{hash_sha256(data)}  {path}\n" for path, data in files.items()).encode()
    for path, data in {**files, "SHA256SUMS": sums}.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(data)
    subprocess.run(
        [need_tool("tar"), f"--format={form}", "-czf", "a.tar.gz", *files, "SHA256SUMS"], cwd=tmp_path, check=True
    )

    assert dict(read_members(str(tmp_path / "a.tar.gz"))) == files
    assert verify_backup(str(tmp_path / "a.tar.gz")) == len(files)


def test_a_journal_that_shrinks_to_almost_nothing_is_backed_up_so_that_it_can_be_restored(tmp_path):
    entry = tmp_path / "journal" / ENTRY.format(0)
    entry.parent.mkdir(parents=True)
    entry.write_bytes(bytes(100_000_000))
    archive = str(tmp_path / "b.tar.gz")

    create_backup(str(tmp_path / "journal"), archive, force=False, advance=lambda: None)

    assert verify_backup(archive) == 1


def test_a_pipe_or_a_folder_in_place_of_an_archive_is_refused_at_once(tmp_path):
    os.mkfifo(tmp_path / "pipe")

    for path in (tmp_path / "pipe", tmp_path):
        assert [problem.code for problem in try_to_restore(str(path))] == ["backup-damaged"]


def test_the_size_in_a_gzip_trailer_is_compared(tmp_path):
    archive = Path(pack(tmp_path / "whole.tar.gz", with_sums({ENTRY.format(0): b"x"})))
    whole = archive.read_bytes()
    archive.write_bytes(whole[:-4] + struct.pack("<I", struct.unpack("<I", whole[-4:])[0] + 1))

    assert [problem.code for problem in try_to_restore(str(archive))] == ["backup-damaged"]

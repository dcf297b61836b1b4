"""The last line tells a whole file from one that was cut or changed."""

from __future__ import annotations

import random

import pytest
from sample_entries import finish_entry, make_entry

from careerkit.core.text import hash_sha256
from careerkit.storage.entry_files import encode_entry
from careerkit.storage.layout import (
    OPENSSL_THRESHOLD,
    add_checksum,
    load_openssl_digest,
    make_adaptive_digest,
    verify_checksum,
)

TEXT = b'a = "1"\n# careerkit sha256 in the middle\nb = "2"\n'
WHOLE = add_checksum(TEXT)


def test_the_last_line_is_the_hash_of_the_bytes_above_it():
    import hashlib

    last = f"# careerkit sha256 {hashlib.sha256(TEXT).hexdigest()}\n".encode()

    assert WHOLE == TEXT + last
    assert verify_checksum(WHOLE).integrity == "intact"
    assert verify_checksum(WHOLE).text == TEXT


def test_no_beginning_of_a_file_passes_for_the_file():
    data = encode_entry(finish_entry(make_entry(machine="m", text=f"cut here\n# careerkit sha256 {'0' * 64}\nor here")))

    assert verify_checksum(data).integrity == "intact"
    for end in range(len(data) - 1):
        assert verify_checksum(data[:end]).integrity == "cut short", end
    assert verify_checksum(data[:-1]).integrity == "changed"


@pytest.mark.parametrize(
    "carried",
    [
        b"\xef\xbb\xbf" + WHOLE,
        WHOLE.replace(b"\n", b"\r\n"),
        WHOLE.replace(b"\n", b"\r"),
        b"\xef\xbb\xbf" + WHOLE.replace(b"\n", b"\r\n"),
        WHOLE + b"\n",
        WHOLE + b"\r\n  \n",
    ],
    ids=["BOM", "CRLF", "CR", "BOM and CRLF", "a line end more", "blank lines more"],
)
def test_what_only_carries_the_text_differently_is_no_change(carried):
    opened = verify_checksum(carried)

    assert opened.integrity == "intact"
    assert opened.text == TEXT


def test_no_beginning_of_a_file_with_other_line_ends_passes_for_the_file():
    carried = b"\xef\xbb\xbf" + WHOLE.replace(b"\n", b"\r\n")

    for end in range(len(carried) - 2):
        assert verify_checksum(carried[:end]).integrity != "intact", end


@pytest.mark.parametrize(
    "changed",
    [WHOLE.replace(b'"1"', b'"7"'), WHOLE + b'c = "3"\n', b"# mine\n" + WHOLE, WHOLE[:-1], WHOLE + b"\0" * 4096],
    ids=["a value", "a line after", "a line before", "no last line end", "NULs after"],
)
def test_a_change_is_seen(changed):
    assert verify_checksum(changed).integrity == "changed"


def test_nuls_after_a_proven_text_do_not_hide_it():
    assert verify_checksum(WHOLE + b"\0" * 4096).text == TEXT


@pytest.mark.parametrize(
    "cut",
    [b"", b"\0" * 512, TEXT, WHOLE[:-2], WHOLE[:-65] + b"g" * 64 + b"\n", b"x" + WHOLE[len(TEXT) :], WHOLE.upper()],
    ids=["empty", "all NUL", "no last line", "a digit less", "no hex", "not at a line's start", "upper case"],
)
def test_without_its_last_line_a_file_counts_as_cut_short(cut):
    assert verify_checksum(cut).integrity == "cut short"


def test_five_hundred_random_corruptions_are_all_seen():
    chance = random.Random(20261122)
    data = encode_entry(finish_entry(make_entry(machine="m")))
    for _ in range(500):
        broken = bytearray(data)
        for _ in range(chance.randint(1, 4)):
            at = chance.randrange(len(broken))
            match chance.randrange(3):
                case 0:
                    broken[at] ^= 1 << chance.randrange(8)
                case 1:
                    del broken[at : at + chance.randint(1, 40)]
                case 2:
                    broken[at:at] = chance.randbytes(chance.randint(1, 20))
        opened = verify_checksum(bytes(broken))
        assert opened.integrity != "intact" or opened.text == verify_checksum(data).text


def test_both_ways_to_hash_agree():
    digest = make_adaptive_digest()
    for data in (b"", b"x" * 1000, b"y" * OPENSSL_THRESHOLD, b"z"):
        assert digest(data) == load_openssl_digest()(data) == hash_sha256(data)

"""A passphrase is the same in every form in which a keyboard, a file or a system gives it."""

from __future__ import annotations

import os
from unicodedata import normalize

import pyrage
import pytest

from careerkit.cli.unlock import read_passphrase_fd, validate_passphrase
from careerkit.storage.encryption import IdentityFile, encrypt_identity, generate_key

COMPOSED = normalize("NFC", "crème brûlée à Gött")
DECOMPOSED = normalize("NFD", COMPOSED)


def typed_from(data: bytes) -> str:
    """What is read from a descriptor with these bytes."""
    out, into = os.pipe()
    os.write(into, data)
    os.close(into)
    try:
        return read_passphrase_fd(out)
    finally:
        os.close(out)


def identity_file(folder, data: bytes, recipient: str = "") -> IdentityFile:
    (folder / "identity.age").write_bytes(data)
    return IdentityFile(str(folder), "j", recipient)


@pytest.mark.parametrize("chosen", [COMPOSED, DECOMPOSED])
def test_a_passphrase_opens_the_journal_in_each_of_its_forms(tmp_path, chosen):
    key = generate_key()
    file = identity_file(tmp_path, encrypt_identity(key, validate_passphrase(chosen)), key.recipient)

    for typed in (COMPOSED, DECOMPOSED, "\ufeff" + COMPOSED):
        opened = file.unlock(typed)
        assert opened is not None, ascii(typed)
        assert opened.secret == key.secret


def test_the_key_is_derived_from_the_composed_form_so_that_any_age_opens_it(tmp_path):
    key = generate_key()

    assert key.secret.encode() in pyrage.passphrase.decrypt(encrypt_identity(key, DECOMPOSED), COMPOSED)


@pytest.mark.parametrize("earlier", [DECOMPOSED, "\ufeffviolet ladder soup"])
def test_a_passphrase_that_an_older_version_used_as_it_was_typed_still_opens(tmp_path, earlier):
    key = generate_key()
    file = identity_file(tmp_path, pyrage.passphrase.encrypt(f"{key.secret}\n".encode(), earlier), key.recipient)

    assert file.unlock(earlier)
    if earlier == DECOMPOSED:
        assert file.unlock(COMPOSED)


def test_a_wrong_passphrase_stays_wrong(tmp_path):
    key = generate_key()

    assert identity_file(tmp_path, encrypt_identity(key, COMPOSED), key.recipient).unlock("creme brulee a Gott") is None


@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n", b"\nanother line\n"])
@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf"])
def test_a_passphrase_file_may_have_a_byte_order_mark_and_any_line_end(start, end):
    assert validate_passphrase(typed_from(start + b"violet ladder soup" + end)) == "violet ladder soup"


def test_a_passphrase_from_a_file_opens_the_journal(tmp_path):
    key = generate_key()
    file = identity_file(tmp_path, encrypt_identity(key, "violet ladder soup"), key.recipient)

    assert file.unlock(typed_from(b"\xef\xbb\xbfviolet ladder soup\r\n"))


@pytest.mark.parametrize(
    "comment",
    [
        "# The recovery key of a careerkit journal. public key: age1x\n",
        "# The key of a careerkit journal. public key: age1x\r\n",
        "# created: 2026-11-22T09:05:00Z\n# public key: age1x\n",
        "\ufeff# The recovery key of a careerkit journal. public key: age1x\r\n",
        "\ufeff",
        "",
    ],
)
def test_the_file_with_the_recovery_key_is_read_as_it_was_written(tmp_path, comment):
    key = generate_key()
    file = identity_file(tmp_path, b"", key.recipient)

    opened = file.unlock(typed_from(f"{comment}{key.secret}\n".encode()))
    assert opened is not None
    assert opened.secret == key.secret


def test_a_passphrase_may_begin_with_a_number_sign():
    assert typed_from(b"# my own words\nnext\n") == "# my own words"

"""An encrypted journal: nothing of it lies in plain text, and whoever has the key reads it as any other."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pyrage
import pytest
from encrypted_journals import PASSPHRASE, encrypt_journal, make_key_and_identity, make_unlock
from sample_entries import (
    FINISHED,
    FIRST_ID,
    PLAYBOOK,
    SHA256,
    finish_entry,
    list_codes,
    locate_entry,
    make_entry,
    open_disk_journal,
)

from careerkit.core.errors import JournalLocked, Refused
from careerkit.core.journal.entry_list import Event
from careerkit.storage import encryption
from careerkit.storage.encryption import (
    IdentityFile,
    encrypt_text,
    generate_key,
    has_encrypted_size,
    write_identity_file,
)
from careerkit.storage.layout import MARKER_FILE, playbook_path
from careerkit.storage.transfer import begin_conversion

WORD = "hippopotamus"
SECOND = "20261123T0905Z-zzzzzz"
ABOUT_IT = Event("20261122T100000000Z-0123456789abcdef", "tag", FIRST_ID, FINISHED, "m", about=WORD, value=True)


def folder_of(base: Path) -> Path:
    return base / "data" / "journal"


def nothing() -> None:
    """Nobody watches how far it has come."""


def holding(base: Path, word: str = WORD) -> list[Path]:
    """The files below the folder that have the word in them."""
    return [path for path in base.rglob("*") if path.is_file() and word.encode() in path.read_bytes()]


def turned(base: Path):
    return begin_conversion(str(folder_of(base)), str(base / "state"))


@pytest.fixture
def plain(tmp_path):
    """A journal with an open entry, a finished one, an event and a playbook's copy."""
    journal = open_disk_journal(tmp_path)
    journal.create(make_entry(machine=journal.machine, text=WORD), PLAYBOOK)
    journal.create(finish_entry(make_entry(SECOND, machine=journal.machine, text=WORD)), PLAYBOOK)
    journal.append_event(ABOUT_IT)
    return journal


@pytest.fixture
def key(plain, tmp_path):
    assert len(holding(tmp_path)) == 3
    return encrypt_journal(tmp_path)


def test_after_encrypting_no_file_holds_a_word_of_what_was_written(key, tmp_path):
    assert holding(tmp_path) == []
    assert holding(tmp_path, "Own a career crisis") == []


def test_what_was_encrypted_is_read_as_before(key, tmp_path):
    journal = open_disk_journal(tmp_path, unlock=make_unlock(key))

    assert journal.read(FIRST_ID).entry.answers[0].value == WORD
    assert journal.read(FIRST_ID).problems == ()
    assert [listed.tags for listed in journal.listing().entries] == [(), (WORD,)]
    assert journal.listing().problems == ()
    assert journal.read_playbook(SHA256) == PLAYBOOK


def test_writing_asks_for_nothing(key, tmp_path):
    journal = open_disk_journal(tmp_path)
    third = "20261124T0905Z-aaaaaa"

    with journal.lock_entry(third):
        made = make_entry(third, machine=journal.machine, text=WORD)
        journal.create(made, PLAYBOOK)
        journal.save(finish_entry(made))
    journal.append_event(
        Event("20261124T100000000Z-0123456789abcdef", "tag", third, FINISHED, "m", about=WORD, value=True)
    )

    assert holding(tmp_path) == []
    assert open_disk_journal(tmp_path, unlock=make_unlock(key)).read(third).entry.answers[0].value == WORD


def test_a_command_that_reads_asks_once(key, tmp_path):
    unlock = make_unlock(key)
    journal = open_disk_journal(tmp_path, unlock=unlock)

    journal.listing()
    journal.read(FIRST_ID)

    [keyhole] = unlock.asked
    assert keyhole.recipient == key.recipient


def test_without_the_key_nothing_is_read_and_that_is_said_once(key, tmp_path):
    journal = open_disk_journal(tmp_path)

    for read in (journal.listing, lambda: journal.read(FIRST_ID), journal.events):
        with pytest.raises(JournalLocked) as locked:
            read()
        assert [problem.code for problem in locked.value.problems] == ["locked"]


def test_the_names_of_entries_need_no_key(key, tmp_path):
    journal = open_disk_journal(tmp_path)

    assert list(journal.ids()) == [FIRST_ID, SECOND]
    assert journal.resolve_id("k3f") == FIRST_ID


def test_a_journal_is_encrypted_before_its_first_entry_too(tmp_path):
    key = encrypt_journal(tmp_path)
    journal = open_disk_journal(tmp_path, unlock=make_unlock(key))
    journal.create(make_entry(machine=journal.machine, text=WORD), PLAYBOOK)

    assert holding(tmp_path) == []
    assert journal.read(FIRST_ID).entry.answers[0].value == WORD


def test_an_older_careerkit_would_not_write_into_it(key, tmp_path):
    assert "format = 2" in (folder_of(tmp_path) / MARKER_FILE).read_text()


def test_every_beginning_of_an_encrypted_entry_is_named_as_damaged_and_the_rest_is_read(key, tmp_path):
    whole = locate_entry(tmp_path).read_bytes()
    journal = open_disk_journal(tmp_path, unlock=make_unlock(key))
    for length in range(len(whole)):
        locate_entry(tmp_path).write_bytes(whole[:length])
        listing = journal.listing()
        assert [listed.id for listed in listing.entries] == [SECOND], length
        damaged = [problem for problem in listing.problems if problem.where == str(locate_entry(tmp_path))]
        assert [problem.code for problem in damaged] in (["encrypted-damaged"], ["entry-cut-short"]), length
        assert locate_entry(tmp_path).read_bytes() == whole[:length]


def test_a_thousand_random_corruptions_of_an_encrypted_entry_are_never_read_in_silence(key, tmp_path):
    whole, path = locate_entry(tmp_path).read_bytes(), str(locate_entry(tmp_path))
    journal = open_disk_journal(tmp_path, unlock=make_unlock(key))
    chance = random.Random(4)
    read = 0
    for _ in range(1000):
        data = bytearray(whole)
        for _ in range(chance.randint(1, 4)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        locate_entry(tmp_path).write_bytes(data)
        try:
            value = journal.read(FIRST_ID).entry.answers[0].value
        except Refused as refused:
            assert refused.problems[0].where == path  # noqa: PT017 - some are read
            continue
        assert value == WORD
        read += 1
    assert read < 20, "only the rare one that changes nothing"


def test_a_file_that_another_key_closed_is_named_and_the_rest_is_read(key, tmp_path):
    locate_entry(tmp_path).write_bytes(encrypt_text(b"something", generate_key().recipient))

    listing = open_disk_journal(tmp_path, unlock=make_unlock(key)).listing()

    assert [listed.id for listed in listing.entries] == [SECOND]
    assert [problem.code for problem in listing.problems] == ["encrypted-otherwise"]


def test_a_plain_file_in_an_encrypted_journal_is_read_and_reported_and_closed_by_the_next_save(key, tmp_path):
    journal = open_disk_journal(tmp_path, unlock=make_unlock(key))
    made = journal.read(FIRST_ID).entry
    locate_entry(tmp_path).write_bytes(key.decrypt(locate_entry(tmp_path).read_bytes()))

    journal = open_disk_journal(tmp_path, unlock=make_unlock(key))
    assert [problem.code for problem in journal.read(FIRST_ID).problems] == ["not-encrypted"]
    assert [problem.code for problem in journal.listing().problems] == ["not-encrypted"]
    assert len(journal.listing().entries) == 2
    open_disk_journal(tmp_path).save(made)
    assert holding(tmp_path) == []


def test_encrypting_again_closes_what_came_in_plain_and_asks_for_no_key(key, tmp_path):
    locate_entry(tmp_path).write_bytes(key.decrypt(locate_entry(tmp_path).read_bytes()))
    copy = locate_entry(tmp_path).with_name(f"{FIRST_ID}.sync-conflict-20261122.toml")
    copy.write_text(WORD)

    with turned(tmp_path) as journal:
        done = journal.encrypt_all(journal.marker.recipient, key=None, advance=nothing)

    assert done.files == 2
    assert holding(tmp_path) == []


def test_a_leftover_of_a_killed_write_is_removed_by_encrypting(plain, tmp_path):
    leftover = locate_entry(tmp_path).with_name(".careerkit-0123.tmp")
    leftover.write_text(WORD)
    with turned(tmp_path) as journal:
        journal.remove_temp_files()

    assert not leftover.exists()


def test_decrypting_brings_back_every_byte(plain, tmp_path):
    before = {path: path.read_bytes() for path in folder_of(tmp_path).rglob("*.toml")}
    key = encrypt_journal(tmp_path)

    with turned(tmp_path) as journal:
        journal.set_recipient("")
        done = journal.decrypt_all(key, advance=nothing)
        journal.delete_identity_file()

    assert (done.files, done.problems) == (4, ())
    assert {path: path.read_bytes() for path in folder_of(tmp_path).rglob("*") if path.is_file()} == before
    assert open_disk_journal(tmp_path).listing().problems == ()


def test_decrypting_that_is_broken_off_leaves_a_journal_that_is_read_and_goes_on(key, tmp_path):
    def broken_off() -> None:
        raise KeyboardInterrupt

    with turned(tmp_path) as it:
        it.set_recipient("")
        with pytest.raises(KeyboardInterrupt):
            it.decrypt_all(key, advance=broken_off)

    journal = open_disk_journal(tmp_path, unlock=make_unlock(key))
    assert [listed.id for listed in journal.listing().entries] == [SECOND, FIRST_ID]
    journal.save(journal.read(FIRST_ID).entry)
    with turned(tmp_path) as it:
        assert it.count_encrypted() in (2, 3)
        it.decrypt_all(key, advance=nothing)
        assert it.count_encrypted() == 0
    assert open_disk_journal(tmp_path).read(FIRST_ID).entry.answers[0].value == WORD


def test_decrypting_leaves_a_damaged_file_as_it_is_and_names_it(key, tmp_path):
    damaged = locate_entry(tmp_path).read_bytes()[:-1]
    locate_entry(tmp_path).write_bytes(damaged)

    with turned(tmp_path) as journal:
        done = journal.decrypt_all(key, advance=nothing)

    assert [problem.code for problem in done.problems] == ["encrypted-damaged"]
    assert locate_entry(tmp_path).read_bytes() == damaged
    assert done.files == 3


def test_nobody_turns_a_journal_over_while_an_interview_of_it_runs(plain, tmp_path):
    with plain.lock_entry(FIRST_ID), pytest.raises(Refused) as refused, turned(tmp_path):
        pass

    assert list_codes(refused.value) == ["journal-in-use"]


def test_nobody_writes_while_a_journal_is_turned_over(plain, tmp_path):
    made = plain.read(FIRST_ID).entry
    third = make_entry("20261124T0905Z-aaaaaa", machine=plain.machine)
    with turned(tmp_path):
        for write in (
            lambda: plain.save(made),
            lambda: plain.create(third, PLAYBOOK),
            lambda: plain.append_event(ABOUT_IT),
        ):
            with pytest.raises(Refused) as refused:
                write()
            assert list_codes(refused.value) == ["not-saved", "journal-turning-over"]
        with pytest.raises(Refused) as refused, plain.lock_entry(FIRST_ID):
            pass
        assert list_codes(refused.value) == ["journal-turning-over"]
    plain.save(made)


def test_a_marker_that_no_longer_says_encrypted_keeps_everybody_from_writing_plain_text(key, tmp_path):
    journal = open_disk_journal(tmp_path, unlock=make_unlock(key))
    marker = folder_of(tmp_path) / MARKER_FILE
    encrypted = marker.read_bytes()
    with turned(tmp_path) as it:
        it.set_recipient("")
    plain_marker = marker.read_bytes()
    with turned(tmp_path) as it:
        it.set_recipient(key.recipient)
    marker.write_bytes(plain_marker)  # a sync brought it back

    assert [problem.code for problem in journal.listing().problems] == ["marker-not-encrypted"]
    with pytest.raises(Refused) as refused:
        journal.create(make_entry("20261124T0905Z-aaaaaa", machine=journal.machine, text=WORD), PLAYBOOK)
    assert list_codes(refused.value) == ["not-saved", "marker-not-encrypted"]
    assert holding(tmp_path) == []
    with turned(tmp_path) as it:
        it.set_recipient(key.recipient)
    assert marker.read_bytes() == encrypted


def test_a_marker_with_another_key_keeps_everybody_from_writing(key, tmp_path):
    with turned(tmp_path) as journal:
        marker = folder_of(tmp_path) / MARKER_FILE
        kept = (tmp_path / "state" / "journals").glob("*.toml")
        memory = {path: path.read_bytes() for path in kept}
        journal.set_recipient(generate_key().recipient)
    for path, data in memory.items():
        path.write_bytes(data)

    journal = open_disk_journal(tmp_path)
    with pytest.raises(Refused) as refused:
        journal.create(make_entry("20261124T0905Z-aaaaaa", machine=journal.machine, text=WORD), PLAYBOOK)
    assert list_codes(refused.value) == ["not-saved", "marker-other-key"]
    with pytest.raises(Refused) as refused, turned(tmp_path):
        pass
    assert list_codes(refused.value) == ["marker-other-key"]
    assert marker.exists()


def test_a_missing_marker_is_made_anew_for_the_same_key_where_this_machine_knows_it(key, tmp_path):
    (folder_of(tmp_path) / MARKER_FILE).unlink()
    journal = open_disk_journal(tmp_path, unlock=make_unlock(key))

    journal.create(make_entry("20261124T0905Z-aaaaaa", machine=journal.machine, text=WORD), PLAYBOOK)

    assert holding(tmp_path) == []
    assert journal.is_encrypted


def test_a_missing_marker_of_an_encrypted_journal_that_is_new_here_keeps_from_writing(key, tmp_path):
    (folder_of(tmp_path) / MARKER_FILE).unlink()
    journal = open_disk_journal(tmp_path / "other", unlock=make_unlock(key))
    os.renames(folder_of(tmp_path), folder_of(tmp_path / "other"))

    with pytest.raises(Refused) as refused:
        journal.create(make_entry("20261124T0905Z-aaaaaa", machine=journal.machine, text=WORD), PLAYBOOK)

    assert list_codes(refused.value) == ["not-saved", "marker-missing"]


def test_the_copy_of_a_playbook_is_closed_once_and_mended_where_its_end_is_missing(key, tmp_path):
    path = Path(playbook_path(str(folder_of(tmp_path)), SHA256))
    before = path.read_bytes()
    journal = open_disk_journal(tmp_path)
    journal.create(make_entry("20261124T0905Z-aaaaaa", machine=journal.machine), PLAYBOOK)
    assert path.read_bytes() == before, "two machines that each wrote it anew would have two that differ"

    path.write_bytes(before[:-1])
    journal.create(make_entry("20261124T0905Z-bbbbbb", machine=journal.machine), PLAYBOOK)
    assert key.decrypt(path.read_bytes()) == PLAYBOOK


@pytest.mark.parametrize("size", [0, 1, 65535, 65536, 65537, 200_000])
def test_how_long_an_encrypted_file_is_tells_how_long_its_text_is(size):
    data = encrypt_text(b"x" * size, generate_key().recipient)

    assert has_encrypted_size(data, size)
    assert not has_encrypted_size(data, size + 1)
    assert not has_encrypted_size(data[:-1], size)


def test_the_passphrase_opens_and_another_one_does_not(tmp_path):
    key, identity = make_key_and_identity()
    keyhole = IdentityFile(str(tmp_path), "j", key.recipient)
    write_identity_file(keyhole, identity)

    assert keyhole.unlock(PASSPHRASE).secret == key.secret
    assert keyhole.unlock("violet ladder under soap") is None


def test_the_recovery_key_opens_however_it_is_typed_and_without_an_identity_file(tmp_path):
    key = generate_key()
    keyhole = IdentityFile(str(tmp_path), "j", key.recipient)

    assert keyhole.unlock(f"  {key.secret[:30].lower()} {key.secret[30:].lower()}\t").secret == key.secret
    assert keyhole.unlock(key.secret[:-1]) is None
    assert keyhole.unlock(generate_key().secret) is None, "it is another journal's"


@pytest.mark.parametrize(
    ("data", "code"), [(None, "identity-missing"), (b"", "identity-damaged"), (b"nonsense", "identity-damaged")]
)
def test_an_identity_file_that_no_passphrase_opens_is_named(tmp_path, data, code):
    keyhole = IdentityFile(str(tmp_path), "j", generate_key().recipient)
    if data is not None:
        Path(keyhole.path).write_bytes(data)

    with pytest.raises(JournalLocked) as locked:
        keyhole.unlock(PASSPHRASE)

    assert locked.value.problems[0].code == keyhole.find_problem().code == code
    assert "recovery key" in locked.value.problems[0].hint


def test_an_identity_file_that_is_cut_or_of_another_journal_is_named(tmp_path):
    key, identity = make_key_and_identity()
    other = IdentityFile(str(tmp_path), "j", generate_key().recipient)
    write_identity_file(other, identity)
    with pytest.raises(JournalLocked, match="identity-other"):
        other.unlock(PASSPHRASE)

    mine = IdentityFile(str(tmp_path), "j", key.recipient)
    for cut in (identity[:60], identity[:-1]):
        write_identity_file(mine, cut)
        with pytest.raises(JournalLocked, match="identity-damaged"):
            mine.unlock(PASSPHRASE)


def test_an_identity_file_of_a_much_faster_machine_is_named(tmp_path):
    key, identity = make_key_and_identity()
    keyhole = IdentityFile(str(tmp_path), "j", key.recipient)
    line = identity.split(b"\n")[1]
    write_identity_file(keyhole, identity.replace(line, line.rpartition(b" ")[0] + b" 30"))

    with pytest.raises(JournalLocked, match="identity-too-slow"):
        keyhole.unlock(PASSPHRASE)


def test_a_machine_that_is_busy_for_a_moment_does_not_take_its_own_file_for_that_of_a_faster_one(tmp_path, monkeypatch):
    key, identity = make_key_and_identity()
    busy = iter([True] * 3)

    def decrypt(data: bytes, passphrase: str) -> bytes:
        if next(busy, False):
            raise pyrage.DecryptError("Excessive work parameter for passphrase.")
        return pyrage.passphrase.decrypt(data, passphrase)

    at_times_slow = SimpleNamespace(DecryptError=pyrage.DecryptError, passphrase=SimpleNamespace(decrypt=decrypt))
    monkeypatch.setattr(encryption, "import_pyrage", lambda: at_times_slow)

    assert encryption.decrypt_with_passphrase(identity, PASSPHRASE).decode().count(key.secret) == 1


def test_without_pyrage_the_extra_is_named(key, tmp_path):
    program = """
import sys
sys.modules["pyrage"] = None
from pathlib import Path
from sample_entries import FIRST_ID, open_disk_journal
from careerkit.core.errors import JournalLocked
journal = open_disk_journal(Path(sys.argv[1]))
for act in (lambda: journal.read(FIRST_ID), journal.listing, journal.lock_entry(FIRST_ID).__enter__):
    try:
        act()
    except JournalLocked as locked:
        print(locked.problems[0])
"""
    known = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    done = subprocess.run([sys.executable, "-c", program, str(tmp_path)], env=known, capture_output=True, text=True)

    assert done.stderr == ""
    assert done.stdout.count("encrypt-missing") == 3
    assert "pip install 'careerkit[encrypt]'" in done.stdout

"""The commands on an encrypted journal: reading asks for the passphrase once, writing never does."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tarfile
import time
from contextlib import contextmanager
from pathlib import Path

import pexpect
import pytest

from careerkit.storage.encryption import AgeKey, encrypt_text, generate_key, parse_key
from careerkit.storage.transfer import begin_conversion
from careerkit_process import COMMAND, Home

WORD = "hippopotamus"
FIRST, NEXT = "violet ladder under soup", "soup under ladder violet"
PLAYBOOK = """
format = 1
title = "Ask for help"
summary = "One text"
[[stage]]
id = "now"
title = "Now"
[[stage.question]]
id = "stuck"
type = "text"
ask = "What are you stuck on?"
long = true
[[finding]]
id = "ask"
title = "Ask somebody"
text = "You are stuck on: {stuck}"
[[action]]
id = "send"
do = "Ask somebody"
due = "+1d"
"""
MORE = """
[[stage.question]]
id = "who"
type = "text"
ask = "Who knows more?"
[[finding]]"""


@pytest.fixture
def written(home) -> Home:
    """A home with one entry in it, in plain text."""
    home.add_playbook("my/stuck", PLAYBOOK)
    assert home.run("my", "stuck", "--answers", home.write("a.toml", f'stuck = "{WORD}"')).code == 0
    (home.folder / "a.toml").unlink()
    return home


@pytest.fixture
def key(written) -> AgeKey:
    """The key that the home's journal is encrypted with. Unlocking with it is fast; a passphrase takes a second."""
    key = generate_key()
    with begin_conversion(str(written.journal), str(written.folder / ".local/state/careerkit")) as journal:
        journal.set_recipient(key.recipient, identity=b"an identity file of no use")
        journal.encrypt_all(key.recipient, key=key, advance=lambda: None)
    return key


@contextmanager
def descriptor(*lines: str):
    """A file descriptor to read these lines from."""
    out, into = os.pipe()
    os.write(into, "".join(f"{line}\n" for line in lines).encode())
    os.close(into)
    yield out
    os.close(out)


def reading(home: Home, key: AgeKey, *arguments: object):
    with descriptor(key.secret) as number:
        return home.run(*arguments, "--passphrase-fd", number)


def alone(home: Home, *arguments: str) -> subprocess.CompletedProcess:
    """Run a command without a terminal, so that it can't ask for a passphrase."""
    return subprocess.run(
        [*COMMAND, *arguments],
        env=home.env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        start_new_session=True,
    )


def holding(home: Home) -> list[Path]:
    return [path for path in home.folder.rglob("*") if path.is_file() and WORD.encode() in path.read_bytes()]


def indexed(home: Home) -> list[Path]:
    """Cache files with a part of the word. An index stores only the part of a word that differs from the previous one."""
    kept = (home.folder / ".cache").rglob("*")
    return [path for path in kept if path.is_file() and WORD[3:].encode() in path.read_bytes()]


class Person:
    """A person at a terminal who answers prompts."""

    def __init__(self, home: Home, *command: str, columns: int = 80) -> None:
        env = {**home.env, "COLUMNS": str(columns)}
        self.child = pexpect.spawn(
            command[0],
            list(command[1:]),
            env=env,
            encoding="utf-8",
            dimensions=(100, columns),
            timeout=120,
            cwd=home.folder,
        )

    def answer(self, asked: str, *typed: str) -> str:
        """Wait for the prompt `asked`, type the answer, and return the text before the prompt."""
        self.child.expect_exact(asked)
        before = self.child.before
        for line in typed:
            time.sleep(0.05)  # like a person, and not before the echo is off
            self.child.send(f"{line}\r")
        return before

    def end(self) -> tuple[str, int]:
        self.child.expect(pexpect.EOF)
        self.child.wait()
        return self.child.before, self.child.exitstatus


def test_a_person_encrypts_reads_forgets_the_passphrase_and_any_age_opens_every_file(written, need_tool):
    age = need_tool("age")
    me = Person(written, *COMMAND, "journal", "encrypt")
    me.answer("New passphrase: ", FIRST)
    me.answer("Repeat it: ", FIRST)
    shown = me.answer("Type its last 6 characters, from what you wrote down: ", "wrong!")
    recovery = "".join(re.search(r"AGE-SECRET-KEY-1[A-Z0-9\s]+", shown)[0].split()[:10])[:74]
    assert parse_key(recovery)
    me.answer("Type its last 6 characters, from what you wrote down: ", recovery[-6:].lower())
    said, code = me.end()
    assert ("Encrypted 2 files." in said, code) == (True, 0)
    assert FIRST not in shown + said
    assert holding(written) == []

    me = Person(written, *COMMAND, "journal", "show", "last")
    me.answer("Passphrase of the journal: ", "violet ladder under soap")
    assert "wrong" in me.answer("Passphrase of the journal: ", FIRST)
    said, code = me.end()
    assert (WORD in said, code) == (True, 0)

    me = Person(written, *COMMAND, "journal", "passphrase")
    me.answer("Passphrase of the journal: ", recovery)
    me.answer("New passphrase: ", NEXT)
    me.answer("Repeat it: ", NEXT)
    assert me.end()[1] == 0

    identity = written.folder / "id.txt"
    me = Person(written, age, "--decrypt", "--output", str(identity), str(written.journal / "identity.age"))
    me.answer("Enter passphrase", NEXT)
    assert me.end()[1] == 0
    files = [path for path in written.journal.glob("*/**/*.toml")]
    assert len(files) == 2
    for path in files:
        done = subprocess.run([age, "--decrypt", "--identity", identity, path], capture_output=True, check=True)
        assert done.stdout == parse_key(recovery).decrypt(path.read_bytes())
    [entry] = written.entries
    assert WORD in subprocess.run([age, "-d", "-i", identity, entry], capture_output=True, text=True).stdout


def test_a_script_encrypts_and_decrypts_and_the_recovery_key_goes_to_a_file(written):
    before = written.entries[0].read_bytes()
    written.run("journal", "list")
    assert indexed(written), "the index of a plain journal has its words"
    with descriptor(FIRST) as number:
        ended = written.run(
            "journal", "encrypt", "--json", "--passphrase-fd", number, "--recovery-key", written.folder / "key"
        )
    assert (ended.code, ended.json["files"]) == (0, 2)
    text = (written.folder / "key").read_text()
    assert ended.json["recipient"] in text.splitlines()[0]
    assert parse_key(text.splitlines()[1]).secret not in ended.out + ended.err
    assert (written.folder / "key").stat().st_mode & 0o077 == 0
    assert holding(written) == indexed(written) == []
    with descriptor(text.splitlines()[1]) as number:
        assert len(written.run("journal", "search", WORD, "--json", "--passphrase-fd", number).json["entries"]) == 1
    assert list((written.folder / ".cache/careerkit/index").glob("*.sqlite"))
    assert holding(written) == indexed(written) == [], "the index of an encrypted one has none"

    with descriptor(FIRST) as number:
        assert written.run("journal", "decrypt", "--json", "--passphrase-fd", number).json == {"files": 2}
    assert written.entries[0].read_bytes() == before
    assert not (written.journal / "identity.age").exists()


def test_the_recovery_key_is_never_written_into_its_journal(written):
    with descriptor(FIRST) as number:
        ended = written.run("journal", "encrypt", "--passphrase-fd", number, "--recovery-key", written.journal / "key")

    assert (ended.code, "can't be kept in the journal" in ended.err) == (1, True)
    assert holding(written) == written.entries


def test_an_unused_recovery_key_is_reported_when_the_disk_is_full(written, small_disk):
    shutil.copytree(written.journal, small_disk, dirs_exist_ok=True)
    written.env["CAREERKIT_JOURNAL"] = str(small_disk)
    with pytest.raises(OSError):
        (small_disk / "filler").write_bytes(bytes(1 << 20))

    with descriptor(FIRST) as number:
        ended = written.run("journal", "encrypt", "--passphrase-fd", number, "--recovery-key", written.folder / "key")

    assert (ended.code, "the disk is full" in ended.err) == (1, True)
    assert "opens nothing" in ended.err.replace("\n", " ")
    assert not (small_disk / "identity.age").exists()
    assert written.run("journal", "list", "--json").json["entries"]


def test_no_index_keeps_words_of_a_journal_that_was_elsewhere_before(written, tmp_path):
    assert written.run("journal", "search", WORD).code == 0
    written.journal.rename(tmp_path / "moved")
    written.journal.symlink_to(tmp_path / "moved")
    assert written.run("journal", "search", WORD).code == 0
    assert len(indexed(written)) == 2

    with descriptor(FIRST) as number:
        ended = written.run("journal", "encrypt", "--passphrase-fd", number, "--recovery-key", written.folder / "key")

    assert ended.code == 0
    assert indexed(written) == []


def test_what_a_killed_write_left_behind_a_link_goes_and_what_stays_in_plain_text_is_told(written, tmp_path):
    [entry] = written.entries
    text, month = entry.read_bytes(), entry.parent
    (month / ".careerkit-00112233aabbccdd.tmp").write_bytes(text)
    (month / f"{entry.stem} (copie\u00a0en conflit).toml").write_bytes(text)
    (month / "old").mkdir()
    (month / "old/copy.toml").write_bytes(text)
    (written.journal / "entries 2").mkdir()
    (written.journal / "entries 2/copy.toml").write_bytes(text)
    (written.journal / "kept.tar").write_bytes(text)
    (written.journal / "entries").rename(tmp_path / "entries")
    (written.journal / "entries").symlink_to(tmp_path / "entries")

    with descriptor(FIRST) as number:
        ended = written.run("journal", "encrypt", "--passphrase-fd", number, "--recovery-key", written.folder / "key")

    assert ended.code == 0
    _, _, rest = ended.out.partition("They may contain old text:\n")
    month = written.journal / "entries" / month.name
    stays = [
        month / f"{entry.stem} (copie\u00a0en conflit).toml",
        month / "old/copy.toml",
        written.journal / "entries 2",
        written.journal / "kept.tar",
    ]
    assert sorted(line.strip().replace("\u00a0", " ") for line in rest.splitlines()) == sorted(
        str(path).replace("\u00a0", " ") for path in stays
    )
    assert {path.name for path in holding(written)} == {"kept.tar", "copy.toml"}
    assert not list((tmp_path / "entries").rglob(".careerkit-*"))


@pytest.mark.parametrize(
    ("lines", "options", "code"),
    [
        ((FIRST,), (), "no-terminal"),
        (("short",), ("--recovery-key", "key"), "passphrase-too-short"),
        (("",), ("--recovery-key", "key"), "no-passphrase"),
        ((generate_key().secret,), ("--recovery-key", "key"), "passphrase-is-key"),
        ((FIRST,), ("--recovery-key", "nowhere/key"), "no-folder"),
    ],
)
def test_obstacles_to_encrypting_are_reported_and_nothing_is_changed(written, lines, options, code):
    before = written.entries[0].read_bytes()
    with descriptor(*lines) as number:
        ended = written.run("journal", "encrypt", "--json", "--passphrase-fd", number, *options)

    assert (ended.code, [problem["code"] for problem in ended.problems]) == (1, [code])
    assert written.entries[0].read_bytes() == before
    assert not (written.journal / "identity.age").exists()


def test_a_closed_descriptor_is_reported(key, written):
    ended = written.run("journal", "list", "--passphrase-fd", 987, "--json")

    assert (ended.code, ended.problems[0]["code"]) == (1, "bad-descriptor")


def test_starting_an_interview_asks_for_no_passphrase_and_leaves_no_plain_text(key, written):
    ended = alone(written, "my", "stuck", "--plain")
    assert ended.returncode == 4
    assert "careerkit resume" in ended.stderr

    written.env["COLUMNS"] = "80"
    done = subprocess.run(
        [*COMMAND, "my", "stuck", "--plain", "--json"],
        env=written.env,
        input=f"{WORD} two\n.\n\n",
        capture_output=True,
        text=True,
        start_new_session=True,
    )
    assert done.returncode == 0, done.stderr
    assert f"{WORD} two" in done.stdout
    assert holding(written) == []
    assert len(reading(written, key, "journal", "list", "--json").json["entries"]) == 2


def test_with_an_answers_file_nothing_is_asked(key, written):
    file = written.write("b.toml", 'stuck = "the export"')

    assert alone(written, "my", "stuck", "--answers", str(file)).returncode == 0
    assert all(path.read_bytes().startswith(b"age-encryption.org/v1\n") for path in written.entries)


@pytest.mark.parametrize(
    "arguments", [("journal", "list"), ("journal", "show", "last"), ("plan", "show"), ("resume",), ("doctor",)]
)
def test_a_reading_command_that_can_not_ask_for_the_passphrase_says_how_to_pass_it(key, written, arguments):
    ended = alone(written, *arguments)

    assert ended.returncode == 1
    assert "no terminal" in ended.stderr
    assert "--passphrase-fd" in ended.stderr
    assert ended.stdout == ""


@pytest.mark.parametrize("arguments", [("journal", "show", "last"), ("plan", "show"), ("journal", "list"), ("doctor",)])
def test_a_reading_command_with_the_key_works_as_usual(key, written, arguments):
    ended = reading(written, key, *arguments)

    assert (ended.code, ended.err) == (0, "")


def test_an_open_entry_continues_after_the_passphrase(key, written):
    written.add_playbook("my/two", PLAYBOOK.replace("[[finding]]", MORE, 1))
    begun = written.run("my", "two", "--plain", stdin=f"{WORD}\n.\n:save\n")
    assert begun.code == 4
    assert holding(written) == []

    with descriptor(key.secret) as number:
        ended = written.run("resume", "--plain", "--passphrase-fd", number, stdin="Linh\n\n")

    assert ended.code == 0, ended.err
    assert "after 1 answer." in ended.err
    assert holding(written) == []
    assert WORD in reading(written, key, "journal", "show", "last").out


def test_a_wrong_recovery_key_is_refused(key, written):
    with descriptor(generate_key().secret) as number:
        ended = written.run("journal", "list", "--json", "--passphrase-fd", number)

    assert (ended.code, ended.problems[0]["code"], ended.out) == (1, "wrong-passphrase", "")


def test_the_editor_is_not_opened_unless_allowed(key, written):
    script = written.write("editor", f'#!/bin/sh\necho "$1" > "$HOME/where"; echo {WORD} > "$1"\n')
    script.chmod(0o700)
    written.env["VISUAL"] = str(script)
    me = Person(written, *COMMAND, "my", "stuck", "--plain")
    me.answer("on its own.", ":edit")
    me.answer("editor_when_encrypted true", ":save")
    assert me.end()[1] == 4
    assert not (written.folder / "where").exists()

    written.run("config", "set", "editor_when_encrypted", "true")
    me = Person(written, *COMMAND, "my", "stuck", "--plain")
    me.answer("on its own.", ":edit")
    me.answer(WORD)  # the editor has closed and its text is shown
    me.child.kill(signal.SIGKILL)
    me.child.wait()
    script.unlink()
    assert not Path((written.folder / "where").read_text().strip()).exists()
    assert holding(written) == []


def test_the_home_screen_can_be_shown_without_the_passphrase(key, written):
    (written.journal / "identity.age").write_bytes(b"age-encryption.org/v1\n-> scrypt x 19\n")
    me = Person(written, *COMMAND)
    me.answer("(Enter: continue without): ", "")
    me.answer("What would you like to do?")  # without another key press
    me.child.send("q")
    assert me.end()[1] == 0


def test_a_note_on_a_named_entry_asks_for_no_passphrase_and_a_tag_asks_once(key, written):
    handle = written.entries[0].stem.partition("-")[2]
    file = written.write("note.txt", WORD)

    assert alone(written, "journal", "note", handle, "--file", str(file)).returncode == 0
    file.unlink()
    assert reading(written, key, "journal", "tag", handle, "boss").err == f"{handle} (Ask for help): #boss\n"
    assert (
        reading(written, key, "journal", "edit", handle, "--answers", written.write("b.toml", 'stuck = "x"')).code == 0
    )

    assert holding(written) == []
    shown = reading(written, key, "journal", "show", handle, "--json").json["entry"]
    assert [each["text"] for each in shown["notes"]] == [WORD]
    assert (shown["tags"], [each["value"] for each in shown["corrections"]]) == (["boss"], ["x"])
    assert WORD in reading(written, key, "journal", "show", handle, "--raw").out


def test_completion_gives_ids_only_and_never_asks(key, written):
    handle = written.entries[0].stem.partition("-")[2]
    env = {**written.env, "_CAREERKIT_COMPLETE": "complete_bash", "COMP_WORDS": "careerkit resume ", "COMP_CWORD": "2"}
    done = subprocess.run(
        COMMAND, env=env, capture_output=True, text=True, stdin=subprocess.DEVNULL, start_new_session=True
    )

    assert done.stdout.split() == [handle]
    assert "passphrase" not in done.stderr
    env |= {"COMP_WORDS": f"careerkit journal tag {handle} b", "COMP_CWORD": "4"}
    tags = subprocess.run(
        COMMAND, env=env, capture_output=True, text=True, stdin=subprocess.DEVNULL, start_new_session=True
    )
    assert (tags.stdout.strip(), "passphrase" in tags.stderr) == ("", False)


def test_exports_of_an_encrypted_journal_are_said_to_be_plain_text(key, written):
    ended = reading(written, key, "plan", "export", "last", "--output", written.folder / "plan.md")

    assert ended.code == 0
    assert "this copy is not" in ended.err


def test_a_backup_stays_encrypted_and_is_restored_encrypted(key, written):
    archive = written.folder / "backup.tar.gz"
    assert written.run("journal", "backup", archive).code == 0
    names = subprocess.run(["tar", "tzf", archive], capture_output=True, text=True, check=True).stdout
    assert "identity.age" in names
    text = subprocess.run(["tar", "xzOf", archive], capture_output=True, check=True).stdout
    assert WORD.encode() not in text

    ended = written.run("journal", "restore-backup", archive, "--to", written.folder / "back")
    assert ended.code == 0
    shown = reading(written, key, "journal", "show", "last", "--journal", written.folder / "back")
    assert WORD in shown.out


def test_what_is_imported_is_encrypted(key, written):
    lines = reading(written, key, "journal", "export", "--journal", written.journal).out
    [path] = written.entries
    path.unlink()
    ended = reading(written, key, "journal", "import", written.write("all.jsonl", lines))
    (written.folder / "all.jsonl").unlink()

    assert ended.code == 0, ended.err
    assert holding(written) == []
    assert WORD in reading(written, key, "journal", "show", "last").out


def test_a_plain_text_file_is_reported_and_encrypted_by_running_encrypt_again(key, written):
    [path] = written.entries
    path.write_bytes(key.decrypt(path.read_bytes()))

    listed = reading(written, key, "journal", "list", "--json")
    assert len(listed.json["entries"]) == 1
    assert [problem["code"] for problem in listed.problems] == ["not-encrypted"]
    examined = reading(written, key, "doctor", "--json").json
    assert [(problem["code"], problem["where"]) for problem in examined["problems"]] == [("not-encrypted", str(path))]
    again = written.run("journal", "encrypt", "--json")
    assert again.json["files"] == 1
    assert holding(written) == []


@pytest.fixture
def backed_up(written, tmp_path_factory) -> Path:
    """A backup of the journal from before it was encrypted."""
    archive = tmp_path_factory.mktemp("stick") / "before.tar.gz"
    written.run("journal", "note", stdin=f"{WORD} too")
    assert written.run("journal", "backup", archive).code == 0
    return archive


def test_an_unencrypted_backup_is_encrypted_when_restored_without_asking_for_a_passphrase(backed_up, key, written):
    for folder in ("entries", "events", "playbooks"):
        shutil.rmtree(written.journal / folder)

    back = alone(written, "journal", "restore-backup", str(backed_up), "--json")

    assert (back.returncode, back.stderr) == (0, "")
    assert {name: json.loads(back.stdout)[name] for name in ("added", "same", "kept")} == {
        "added": 3,
        "same": 0,
        "kept": ["careerkit.toml"],
    }
    assert holding(written) == []
    assert reading(written, key, "doctor").code == 0
    assert WORD in reading(written, key, "journal", "show").out


def test_encrypted_files_are_compared_with_a_plain_backup(backed_up, key, written):
    [entry] = written.entries
    changed = encrypt_text(key.decrypt(entry.read_bytes()).replace(b"hippopotamus", b"hippopotamuz"), key.recipient)
    entry.write_bytes(changed)
    [event] = written.journal.glob("events/*/*.toml")
    event.write_bytes(encrypt_text(b"of another length", key.recipient))

    back = reading(written, key, "journal", "restore-backup", backed_up, "--json").json

    assert (back["added"], back["same"]) == (0, 1)
    assert set(back["kept"]) == {"careerkit.toml", *(str(each.relative_to(written.journal)) for each in (entry, event))}
    assert entry.read_bytes() == changed


def test_nothing_is_imported_if_the_journal_may_be_encrypted(backed_up, key, written):
    [entry] = written.entries
    entry.unlink()
    with tarfile.open(backed_up) as tar:
        tar.extract("careerkit.toml", written.journal, filter="data")

    back = written.run("journal", "restore-backup", backed_up, "--json")

    assert (back.code, [each["code"] for each in back.problems]) == (1, ["marker-not-encrypted"])
    assert not entry.exists()


def test_a_damaged_file_is_reported_and_the_rest_is_read(key, written):
    damaged = written.journal / "entries/2026-11/20261121T0905Z-zzzzzz.toml"
    damaged.write_bytes(encrypt_text(b"x" * 900, key.recipient)[:-1])

    listed = reading(written, key, "journal", "list", "--json")

    assert (listed.code, len(listed.json["entries"])) == (0, 1)
    assert [(problem["code"], problem["where"]) for problem in listed.problems] == [("encrypted-damaged", str(damaged))]


KEYRING = """
import json, os, pathlib
FILE = pathlib.Path(os.environ["HOME"], "keyring.json")
def _all(): return json.loads(FILE.read_text()) if FILE.exists() else {}
def get_password(service, name): return _all().get(service + name)
def set_password(service, name, word): FILE.write_text(json.dumps({**_all(), service + name: word}))
def delete_password(service, name): FILE.write_text(json.dumps({k: v for k, v in _all().items() if k != service + name}))
"""


def test_the_system_s_keyring_is_used_if_turned_on(key, written):
    package = written.folder / "packages/keyring"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text(KEYRING)
    (package / "errors.py").write_text("class KeyringError(Exception): ...")
    written.env["PYTHONPATH"] = str(package.parent)
    journal = re.search(r'journal = "(\w+)"', (written.journal / "careerkit.toml").read_text())[1]
    (written.folder / "keyring.json").write_text(f'{{"careerkit journal{journal}": "{key.secret}"}}')

    assert alone(written, "journal", "list").returncode == 1, "it is off unless it was turned on"
    written.run("config", "set", "passphrase_in_keyring", "true")
    listed = alone(written, "journal", "list")
    assert (listed.returncode, listed.stderr) == (0, "")


def test_a_missing_keyring_is_reported(key, written):
    written.run("config", "set", "passphrase_in_keyring", "true")
    written.env["PYTHONPATH"] = str(written.folder / "packages")
    (written.folder / "packages").mkdir()
    (written.folder / "packages/keyring.py").write_text("raise ImportError")

    ended = alone(written, "journal", "list")

    assert ended.returncode == 1
    assert "`keyring` is not installed" in ended.stderr
    assert "no terminal" in ended.stderr


def test_without_the_extra_the_command_to_install_it_is_shown_before_anything_is_asked(key, written):
    program = (
        "-c",
        "import sys; sys.modules['pyrage'] = None; from careerkit.cli.startup import main; sys.exit(main())",
    )
    for command in (("journal", "list"), ("my", "stuck", "--plain"), ("journal", "encrypt", "--recovery-key", "k")):
        done = subprocess.run(
            [sys.executable, *program, *command],
            env=written.env,
            input="",
            capture_output=True,
            text=True,
            cwd=written.folder,
        )
        assert (done.returncode, "pip install 'careerkit[encrypt]'" in done.stderr) == (1, True), command
        assert "Traceback" not in done.stderr


def test_no_core_image_of_the_memory_is_ever_written(written):
    program = "import resource, sys; from careerkit.cli.process import run_careerkit; run_careerkit(['--version']); print(resource.getrlimit(resource.RLIMIT_CORE))"
    done = subprocess.run([sys.executable, "-c", program], env=written.env, capture_output=True, text=True)

    assert done.stdout.splitlines()[-1] in ("(1, 1)", "(0, 0)"), (
        "with 0, Linux may hand it to a program; it is all that can be set where the hard limit is 0"
    )

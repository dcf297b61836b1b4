"""Read mutated files of every kind, and report each that takes too long, too much memory, or ends in a traceback.

    python cost_process.py FOLDER FIRST LAST

Reads the files with the numbers FIRST to LAST - 1, which are made from their number, and prints a line for each that fails.
"""

from __future__ import annotations

import random
import signal
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from time import process_time

from careerkit.storage.layout import add_checksum, verify_checksum
from careerkit_process import REPOSITORY, Home
from measured_process import MAX_BYTES, MAX_SECONDS, limit_memory
from sample_journal import WEEK_PLAYBOOK

MAX_SIZE = 1 << 20
ENTRY_ID, EVENT_ID = "20261122T0905Z-k3f9x2", "20261122T090500000Z-0123456789abcdef"
ANSWERS = 'what = "It was long."\nload = 4\nhours = 51.5\nkind = "rough"\nwho = "Only me"\n'
HOSTILE = (
    b"a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p = 1\n",
    b"a" + b".a" * 20_000 + b" = 1\n",
    b"[" + b"a." * 5_000 + b"a]\n",
    b"x = " + b"[" * 3_000 + b"\n",
    b"x = " + b"[" * 31 + b"]" * 31 + b"\n",
    b"x = " + b"{y=" * 500 + b"\n",
    b"x = 1e999999999\n",
    b"x = -1e-999999999\n",
    b"x = " + b"9" * 100_000 + b"\n",
    b"x = 0x" + b"f" * 100_000 + b"\n",
    b"x = 1e99\n",
    b"x = nan\n",
    b"x = inf\n",
    b"{}, ",
    b"[[answer]]\n",
    b'[[earlier]]\nquestion = "q"\n',
    b"[t]\n",
    b'"""',
    b"'''",
    b'\\"',
    b"\\u0000",
    b"\x00",
    b"\xf0\x9f\x94\xa5",
    b"{what} ",
    b"{{",
    b"<<<<<<< HEAD\n=======\n>>>>>>> x\n",
    b"k = []\n",
    b"0, ",
    b" = ",
    b"\n",
    b" ",
    b"#",
    b"\r",
    b"due = 9999-12-31\n",
    b"at = 0001-01-01T00:00:00+14:00\n",
)


def mutate(data: bytes, chance: random.Random) -> bytes:
    """The data with some parts lost, overwritten, repeated up to a mebibyte, or replaced by what is expensive to read."""
    for _ in range(chance.choice((1, 1, 2, 3, 6))):
        at, length = chance.randrange(len(data) + 1), chance.choice((0, 0, 1, 5, 30, 300))
        if chance.random() < 0.5:  # where a key may begin
            at = data.rfind(b"\n", 0, at) + 1
        kept = data[at : at + length]
        piece = chance.choice((b"", chance.randbytes(length), kept * 2, chance.choice(HOSTILE)))
        if chance.random() < 0.25:
            unit = chance.choice((kept, piece)) or b"x"
            piece = unit * min(chance.choice((50, 5_000, MAX_SIZE)), MAX_SIZE // len(unit))
        elif chance.random() < 0.05:  # lines that differ
            piece = b"".join(
                b"%s%d = %d\n" % (chance.choice((b"k", b"a.b.", b"what")), number, number) for number in range(40_000)
            )
        data = (data[:at] + piece + data[at + length * chance.randint(0, 1) :])[:MAX_SIZE]
    return data


class Reader:
    """A home with a journal in which one file at a time is replaced."""

    def __init__(self, folder: Path) -> None:
        self.home = Home(folder)
        self.home.add_playbook("my/week", WEEK_PLAYBOOK)
        answers = self.home.write("answers.toml", ANSWERS)
        assert self.home.run("my", "week", "--answers", answers).code == 0
        (entry,) = self.home.entries
        assert self.home.run("journal", "tag", "last", "boss").code == 0
        assert self.home.run("journal", "note", "last", stdin="A word or two\n").code == 0
        assert self.home.run("config", "set", "offer_names", "true").code == 0
        archive, export = folder / "b.tar.gz", folder / "e.jsonl"
        assert self.home.run("journal", "backup", archive).code == 0
        assert self.home.run("journal", "export", "--output", export).code == 0
        event = next(self.home.journal.glob("events/*/*.toml"))
        config = folder / ".config/careerkit/settings.toml"
        playbook = self.home.playbooks / "my/week.toml"
        bundled = folder / ".config/careerkit/playbooks/my/big.toml"
        bundled.write_bytes((REPOSITORY / "playbooks/client/handover.toml").read_bytes())
        self.samples: list[tuple[Path, list[tuple[object, ...]]]] = [
            (entry, [("journal", "list"), ("journal", "show", "last"), ("plan", "show", "last")]),
            (
                entry,
                [("journal", "search", "long"), ("plan", "export", "last"), ("journal", "trend", "my/week", "load")],
            ),
            (entry, [("journal", "list", "--no-index"), ("doctor",), ("journal", "export")]),
            (event, [("journal", "list"), ("journal", "show", "last"), ("doctor",)]),
            (event, [("journal", "list", "--tag", "boss", "--no-index"), ("journal", "export")]),
            (self.home.journal / "careerkit.toml", [("journal", "list"), ("doctor",)]),
            (playbook, [("playbook", "check", playbook), ("my", "week", "--answers", answers)]),
            (bundled, [("playbook", "check", bundled)]),
            (Path(answers), [("my", "week", "--answers", answers)]),
            (config, [("journal", "list"), ("config", "show")]),
            (archive, [("journal", "restore-backup", archive)]),
            (export, [("journal", "import", export)]),
        ]
        self.originals = {path: path.read_bytes() for path, _ in self.samples}
        for _, commands in self.samples:  # import everything
            for command in commands:
                self.home.run(*command)

    def find_failure(self, number: int) -> str:
        """What is wrong with how the file with this number is read; "" if nothing is."""
        chance = random.Random(number)
        path, commands = chance.choice(self.samples)
        original = self.originals[path]
        verified = verify_checksum(original).text
        has_checksum = path.suffix == ".toml" and verified != original
        mutated = mutate(verified if has_checksum else original, chance)
        if has_checksum and chance.random() < 0.8:
            mutated = add_checksum(mutated if mutated.endswith(b"\n") else mutated + b"\n")
        before = {each: each.read_bytes() for each in self.home.journal.rglob("*.toml")}
        path.write_bytes(mutated)
        try:
            command = chance.choice(commands)
            if failure := self._find_failure_of(command):
                return f"{number} {path.name} {len(mutated)} bytes, {' '.join(map(str, command))}: {failure}"
        finally:
            for each in set(self.home.journal.rglob("*.toml")) - before.keys():
                each.unlink()
            for each, content in (before | self.originals).items():
                if not each.exists() or each.read_bytes() != content:
                    each.parent.mkdir(parents=True, exist_ok=True)
                    each.write_bytes(content)
        return ""

    def _find_failure_of(self, command: tuple[object, ...]) -> str:
        signal.setitimer(signal.ITIMER_PROF, MAX_SECONDS * 5)
        began = process_time()
        try:
            ended = self.home.run(*command)
        except BaseException:
            return traceback.format_exc(limit=-6)
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
        if process_time() - began > MAX_SECONDS:
            return f"{process_time() - began:.1f} s"
        if ended.code not in (0, 1, 2, 3) or "Traceback" in ended.err or "bug in careerkit" in ended.err:
            return f"exit {ended.code}: {ended.err[-1000:]}"
        return ""


def raise_timeout(*_: object) -> None:
    raise TimeoutError("too long")


def main(folder: str, first: str, last: str, out: Callable[[str], object] = print) -> None:
    Path(folder).mkdir(parents=True)
    signal.signal(signal.SIGPROF, raise_timeout)
    reader = Reader(Path(folder))
    limit_memory(MAX_BYTES)
    for number in range(int(first), int(last)):
        if failure := reader.find_failure(number):
            out(failure)
        if number % 100 == 99 or number + 1 == int(last):
            out(f"read {number + 1}")
            sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])

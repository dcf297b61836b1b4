"""Two machines do whatever they like with a journal, are killed at any call, and sync: against a plain model.

The model keeps, for each machine, what it knows of each entry: the answer last saved, and every change with those that it
saw and so replaces. A change that a kill broke off may have come about or not; which, the files tell.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from kill_at_call import kill_at_call
from synced_machine import Machine

from careerkit.coaching.entry_changes import EntryChanges
from careerkit.core.errors import Refused
from careerkit.core.frozen import replace
from careerkit.core.journal.entry import Answer

WORDS = st.sampled_from(["one", "two", "drei\nvier", "\x1b[31m", "五"])
WHO = st.integers(0, 1)
CALL = st.one_of(st.just(-1), st.integers(0, 60))
"""The call of the system at which the process is killed; -1: it is left alone."""

LONG = os.environ.get("CAREERKIT_LONG") == "1"


class Known:
    """What one machine knows, by the plain rules."""

    def __init__(self) -> None:
        self.answers: dict[str, tuple[str, bool]] = {}
        self.changes: dict[str, tuple[str, str, str, object]] = {}
        self.replaced: set[str] = set()

    def in_force(self, entry: str, kind: str, about: str) -> dict[str, object]:
        return {
            change: value
            for change, (its_entry, its_kind, its_about, value) in self.changes.items()
            if (its_entry, its_kind, its_about) == (entry, kind, about) and change not in self.replaced
        }

    def abouts(self, entry: str, kind: str) -> set[str]:
        return {about for its, its_kind, about, _ in self.changes.values() if (its, its_kind) == (entry, kind)}

    def tags(self, entry: str) -> tuple[str, ...]:
        return tuple(
            sorted(tag for tag in self.abouts(entry, "tag") if True in self.in_force(entry, "tag", tag).values())
        )

    def is_removed(self, entry: str) -> bool:
        found = self.in_force(entry, "removal", "").values()
        return bool(found) and all(value is True for value in found)

    def notes(self, entry: str) -> list[object]:
        found = (v for about in self.abouts(entry, "note") for v in self.in_force(entry, "note", about).values())
        return sorted(value for value in found if value is not None)

    def corrections(self, entry: str) -> set[object]:
        return set(self.in_force(entry, "correction", "stuck").values())


class TwoMachines(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.base = Path(tempfile.mkdtemp(prefix="careerkit-machines-"))
        first = Machine(self.base / "m0/journal", self.base / "m0/state")
        first.write("the first")
        shutil.copytree(first.folder, self.base / "m1/journal")
        second = Machine(self.base / "m1/journal", self.base / "m1/state", clock_error=timedelta(days=-900))
        self.machines = (first, second)
        self.known = (Known(), Known())
        self.owner: dict[str, int] = {}
        for who in (0, 1):
            self.learn(who)
        self.owner.update(dict.fromkeys(self.known[0].answers, 0))

    def teardown(self) -> None:
        shutil.rmtree(self.base)

    def learn(self, who: int) -> None:
        """Take over what the files of a machine say now, without any of careerkit's rules."""
        journal, known = self.machines[who].journal, self.known[who]
        for path in self.machines[who].folder.glob("entries/*/*.toml"):
            entry = journal.read(path.stem).entry
            known.answers[entry.id] = (str(entry.answers[0].value), entry.finished is not None)
            self.owner.setdefault(entry.id, who)
        for event in journal.events().events:
            known.changes[event.id] = (event.entry, event.kind, event.about, event.value)
            known.replaced |= set(event.replaces)

    def one_of(self, data, who: int) -> str:
        return data.draw(st.sampled_from(sorted(self.known[who].answers)), label="entry")

    def do(self, who: int, call: int, work, *, came_about) -> None:
        """Do it; with a `call`, in a process that is killed there. What is then there must be the old or the new."""
        if call < 0:
            work()
            assert came_about()
        else:
            kill_at_call(call, work)
        self.learn(who)

    @rule(who=WHO, word=WORDS, call=CALL)
    def start(self, who, word, call):
        before = set(self.known[who].answers)
        machine = self.machines[who]
        self.do(
            who, call, lambda: machine.write(word, finish=False), came_about=lambda: len(entries(machine)) > len(before)
        )
        new = set(self.known[who].answers) - before
        assert len(new) <= 1
        assert all(self.known[who].answers[entry_id] == (word, False) for entry_id in new)

    @rule(data=st.data(), who=WHO, word=WORDS, finish=st.booleans(), call=CALL)
    def answer(self, data, who, word, finish, call):
        entry_id = self.one_of(data, who)
        before = self.known[who].answers[entry_id]
        if self.owner[entry_id] != who or before[1]:
            return
        machine = self.machines[who]

        self.do(who, call, lambda: save(machine, entry_id, word, finish=finish), came_about=lambda: True)
        after = self.known[who].answers[entry_id]
        assert after == (word, finish) or (call >= 0 and after == before)

    @rule(data=st.data(), who=WHO, word=WORDS, call=CALL)
    def note(self, data, who, word, call):
        self.change(data, who, call, lambda changes: changes.note(word), kind="note", values=(word,))

    @rule(data=st.data(), who=WHO, which=st.sampled_from(["1", "last"]), call=CALL)
    def remove_a_note(self, data, who, which, call):
        def act(changes: EntryChanges) -> None:
            with suppress(Refused):  # there may be none
                changes.remove_note(which)

        self.change(data, who, call, act, kind="note", values=(None,))

    @rule(data=st.data(), who=WHO, call=CALL)
    def restore_a_note(self, data, who, call):
        def act(changes: EntryChanges) -> None:
            with suppress(Refused):
                changes.restore_note()

        texts = {
            value for _, kind, _, value in self.known[who].changes.values() if kind == "note" and value is not None
        }
        self.change(data, who, call, act, kind="note", values=texts)

    @rule(data=st.data(), who=WHO, tag=st.sampled_from(["boss", "pay"]), call=CALL)
    def tag(self, data, who, tag, call):
        self.change(data, who, call, lambda changes: changes.tag([tag]), kind="tag", values=(True,))

    @rule(data=st.data(), who=WHO, tag=st.sampled_from(["boss", "pay"]), call=CALL)
    def untag(self, data, who, tag, call):
        self.change(data, who, call, lambda changes: changes.untag([tag]), kind="tag", values=(False,))

    @rule(data=st.data(), who=WHO, call=CALL)
    def remove(self, data, who, call):
        self.change(data, who, call, lambda changes: changes.remove(), kind="removal", values=(True,))

    @rule(data=st.data(), who=WHO, call=CALL)
    def restore(self, data, who, call):
        self.change(data, who, call, lambda changes: changes.restore(), kind="removal", values=(False,))

    @rule(data=st.data(), who=WHO, word=WORDS, call=CALL)
    def edit(self, data, who, word, call):
        def correct(changes: EntryChanges) -> None:
            changes.correct("stuck", word, type_="text", asked="What are you stuck on?", shown=word)

        self.change(data, who, call, correct, kind="correction", values=(word,))

    def change(self, data, who, call, act, *, kind, values) -> None:
        """One change: the old state or the new, and of the same entry and kind, with one of the values, and it replaces all it saw."""
        entry_id = self.one_of(data, who)
        known = self.known[who]
        before = set(known.changes)
        standing = {about: set(known.in_force(entry_id, kind, about)) for about in known.abouts(entry_id, kind)}
        self.do(who, call, lambda: act(self.machines[who].change(entry_id)), came_about=lambda: True)
        new = set(known.changes) - before
        assert len(new) <= 1
        for change in new:
            assert known.changes[change][:2] == (entry_id, kind)
            assert known.changes[change][3] in values
            assert standing.get(known.changes[change][2], set()) <= known.replaced

    @rule(who=WHO)
    def sync(self, who):
        """Carry over what the other side lacks, as any sync tool does, and its open entries as they are now."""
        source, target = self.machines[who], self.machines[1 - who]
        for path in source.folder.glob("e*/*/*.toml"):
            there = target.folder / path.relative_to(source.folder)
            if not there.exists() or self.owner.get(path.stem) == who:
                there.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, there)
        shutil.copytree(source.folder / "playbooks", target.folder / "playbooks", dirs_exist_ok=True)
        self.learn(1 - who)

    @precondition(lambda self: any(self.known[0].changes))
    @rule()
    def reopen(self):
        """Nothing is kept in a process: a journal that is opened anew is the same."""
        for machine in self.machines:
            assert machine.read_all() == machine.read_all()

    @invariant()
    def each_machine_sees_what_it_knows(self):
        for machine, known in zip(self.machines, self.known, strict=True):
            listed, removed, happened = machine.read_all()
            assert {each.id for each in listed} == {its for its in known.answers if not known.is_removed(its)}
            assert {each.id for each in removed} == {its for its in known.answers if known.is_removed(its)}
            for each in (*listed, *removed):
                assert each.tags == known.tags(each.id)
                assert (each.finished is not None) == known.answers[each.id][1]
            for entry_id, its in happened.items():
                assert sorted(str(note.value) for note in its.notes) == known.notes(entry_id)
                assert {event.value for event in its.corrections.get("stuck", ())} == known.corrections(entry_id)


def entries(machine: Machine) -> list[Path]:
    return list(machine.folder.glob("entries/*/*.toml"))


def save(machine: Machine, entry_id: str, word: str, *, finish: bool = False) -> None:
    journal = machine.journal
    entry = journal.read(entry_id).entry
    with journal.lock_entry(entry_id):
        answers = (Answer("stuck", "text", "What are you stuck on?", word, word),)
        journal.save(replace(entry, answers=answers, finished=machine.now() if finish else None))


def answer_of(machine: Machine, entry_id: str) -> str:
    reading = machine.journal.read(entry_id)
    assert reading.problems == ()
    return str(reading.entry.answers[0].value)


TestTwoMachines = TwoMachines.TestCase
TestTwoMachines.settings = settings(
    max_examples=400 if LONG else 15,
    stateful_step_count=40 if LONG else 25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def test_a_kill_really_kills_and_leaves_the_old_or_the_new(tmp_path):
    machine = Machine(tmp_path / "journal", tmp_path / "state")
    machine.write("first")
    ends = []
    for call in range(200):
        before = len(entries(machine))
        if not kill_at_call(call, lambda: machine.write("next")):
            break
        ends.append(len(entries(machine)) - before)

    assert call > 20
    assert set(ends) == {0, 1}


def test_a_kill_at_any_call_of_a_save_leaves_the_old_answer_or_the_new_one(tmp_path):
    machine = Machine(tmp_path / "journal", tmp_path / "state")
    entry_id = machine.write("0", finish=False)
    found = []
    for call in range(200):
        before = answer_of(machine, entry_id)
        if not kill_at_call(call, lambda: save(machine, entry_id, f"{call}")):  # noqa: B023 - the child ends in this round
            break
        found.append(answer_of(machine, entry_id) != before)
        assert answer_of(machine, entry_id) in (before, f"{call}")

    assert call > 20
    assert set(found) == {False, True}

"""What a file costs is not decided by the file: up to 1 MiB, whatever is in it, is read or refused in 2 s and 200 MB.

By default 150 mutated files, with CAREERKIT_LONG=1 ten thousand; their checksums are mostly valid.
"""

from __future__ import annotations

import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from careerkit.cli.display import read_answers
from careerkit.core.errors import Refused
from careerkit.core.playbook.decode import MAX_TEXT_LINES
from careerkit.core.playbook.loader import check_playbook, load_playbook
from careerkit.core.questions.question import MAX_NUMBER
from careerkit.core.toml_reader import MAX_ITEMS, TomlLimitError, check_limits, parse_toml
from careerkit.storage.layout import add_checksum, verify_checksum
from careerkit.storage.settings import read_settings
from careerkit.storage.transfer import MAX_INVALID_LINES, parse_json_lines
from careerkit_process import Home
from measured_process import call_within_limits
from sample_journal import WEEK_PLAYBOOK

FILES = 10_000 if os.environ.get("CAREERKIT_LONG") == "1" else 150
PROCESSES = min(4, os.cpu_count() or 1)
MEBIBYTE = 1 << 20
ANSWERS = 'what = "It was long."\nload = 4\nhours = 51.5\nkind = "rough"\nwho = "Only me"\n'


def fill(unit: str, size: int = MEBIBYTE - 1000) -> str:
    """Lines up to the size, in each of which `{}` is another number."""
    lines, length = [], 0
    while length < size:
        lines.append(unit.replace("{}", str(len(lines))))
        length += len(lines[-1])
    return "".join(lines)


EXPENSIVE = {
    "a dotted key of 40 KB": lambda: "a" + ".a" * 20_000 + " = 1\n",
    "a dotted key of 1 MiB": lambda: "a" + ".a" * 500_000 + " = 1\n",
    "a heading of 1 MiB": lambda: "[a" + ".a" * 500_000 + "]\n",
    "dotted keys": lambda: fill("a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.k{} = 1\n"),
    "dotted keys below a deep heading": lambda: (
        "[" + ".".join("h" * 20) + "]\n" + fill("a.b.c.d.e.f.g.k{} = 1\n", 300_000)
    ),
    "nested lists": lambda: "x = " + "[" * 500_000,
    "nested tables": lambda: "x = " + "{y = " * 200_000,
    "headings": lambda: fill("[t{}]\n"),
    "lists of tables": lambda: fill("[[t]]\n"),
    "keys": lambda: fill("k{} = 1\n"),
    "empty lists": lambda: fill("k{}=[]\n"),
    "values": lambda: "x = [" + "1," * 500_000 + "]\n",
    "tables in a list": lambda: "x = [" + "{}," * 300_000 + "]\n",
    "a number with 100,000 digits": lambda: "x = " + "9" * 100_000 + "\n",
    "a hexadecimal number with a million digits": lambda: "x = 0x" + "f" * 1_000_000 + "\n",
    "a number with 100,000 decimals": lambda: "x = 1." + "9" * 100_000 + "\n",
    "1e999999999": lambda: "x = 1e999999999\n",
    "1e-999999999": lambda: "x = 1e-999999999\n",
    "an exponent beyond Python's": lambda: "x = 1e99999999999999999999\n",
}
LARGE = {
    "escapes": lambda: 'x = "' + "\\n" * 500_000 + '"\n',
    "quotes": lambda: 'x = """' + '""a' * 300_000 + '"""\n',
    "comments": lambda: "#\n" * 500_000,
    "empty lines": lambda: "\n" * MEBIBYTE,
    "a long key": lambda: f'"{"k" * 1_000_000}" = 1\n',
    "an open text": lambda: 'x = "' + "x" * 1_000_000,
    "numbers": lambda: fill(f"k{{}} = {'9' * 90}\n"),
}


def try_to_parse(text: str) -> str:
    try:
        parse_toml(text)
    except TomlLimitError as error:
        return error.excess
    except ValueError as error:
        return "" if len(str(error)) < 300 else "a long message"
    return ""


@pytest.mark.parametrize("name", EXPENSIVE)
def test_what_is_expensive_to_parse_is_refused_at_once(name):
    assert call_within_limits(try_to_parse, EXPENSIVE[name]()) in ("depth", "items", "number")


@pytest.mark.parametrize("name", LARGE)
def test_what_is_only_large_is_parsed_in_time(name):
    assert call_within_limits(try_to_parse, LARGE[name]()) == ""


def test_as_many_keys_as_are_allowed_are_parsed_in_time():
    text = "".join(f"k{number} = 1\n" for number in range(MAX_ITEMS - 1))

    assert len(call_within_limits(parse_toml, text)) == MAX_ITEMS - 1


@pytest.mark.parametrize(
    "text",
    [
        'x = "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[ a.b.c.d.e.f"\n',
        "x = '''\n" + "[" * 50 + "\n" + "a.b" * 50 + "'''\n",
        'x = """\n\\"""' + "{" * 50 + '"""""\n',
        "# " + "[" * 50 + "." * 50 + "\n",
        f"x = {'1' * 99}\n",
        f"x = {'[' * 30}{']' * 30}\n",
        f"{'.'.join('a' * 30)} = 1\n",
        'x = "a" # "\n' + "y = 1\n" * 3,
    ],
)
def test_text_and_comments_cost_nothing_and_what_is_within_the_limits_passes(text):
    check_limits("k = [0, 1, 2]\n" * 2_000 + text)


@pytest.mark.parametrize("name", ["a dotted key of 40 KB", "values", "nested tables", "1e999999999", "headings"])
@pytest.mark.parametrize("kind", ["entry", "event"])
def test_an_entry_and_an_event_with_it_are_named_and_the_rest_is_listed(home, kind, name):
    home.add_playbook("my/week", WEEK_PLAYBOOK)
    for _ in range(2):
        assert home.run("my", "week", "--answers", home.write("a.toml", ANSWERS)).code == 0
    home.run("journal", "tag", "last", "boss")
    path = home.entries[0] if kind == "entry" else next(home.journal.glob("events/*/*.toml"))
    text = verify_checksum(path.read_bytes()).text.decode()
    at = text.index("format")
    path.write_bytes(add_checksum((text[:at] + EXPENSIVE[name]().split("\n")[0] + "\n" + text[at:]).encode()))
    if name == "headings":
        path.write_bytes(add_checksum((text + EXPENSIVE[name]()).encode()))

    for command in (("journal", "list", "--json"), ("journal", "list", "--json", "--no-index")):
        listed = call_within_limits(home.run, *command)
        assert len(listed.json["entries"]) == 2  # of an unchanged entry only the head is read
        if kind == "event" and name != "headings":
            assert [problem["code"] for problem in listed.problems] == ["event-unreadable"]
    if kind == "entry":
        shown = call_within_limits(home.run, "journal", "show", path.stem, "--json")
        assert [problem["code"] for problem in shown.problems] == ["entry-unreadable"]
        assert len(shown.err) < 1000
    assert call_within_limits(home.run, "doctor").code in (0, 1)
    assert call_within_limits(home.run, "journal", "export").code == 0


@pytest.mark.parametrize("name", EXPENSIVE)
def test_an_answers_file_a_playbook_and_the_settings_with_it_are_refused(tmp_path, name):
    path = tmp_path / "x.toml"
    path.write_text(EXPENSIVE[name]())

    def read() -> list[str]:
        codes = []
        for call in (lambda: read_answers(str(path)), lambda: read_settings(str(path))):
            with pytest.raises(Refused) as refused:
                call()
            codes += [problem.code for problem in refused.value.problems]
        return [*codes, *(problem.code for problem in check_playbook(path.read_bytes(), file="x"))]

    codes = call_within_limits(read)
    assert codes[0] in ("too-deep", "too-large", "bad-number")
    assert codes[1] in ("bad-toml", "unknown-setting")
    assert {"nested-too-deep", "too-large", "bad-number"} & set(codes[2:])


@pytest.mark.parametrize("written", ["1e999999999", "-1e999999999", "1e-999999999", "1e20", "9" * 40, "inf", "nan"])
@pytest.mark.parametrize("question", ["load", "hours"])
def test_a_number_out_of_range_is_refused_as_an_answer(home, question, written):
    home.add_playbook("my/week", WEEK_PLAYBOOK.replace("max = 120\n", ""))  # a number without a limit of its own
    other = ANSWERS.replace("load = 4", "load = X").replace("hours = 51.5", "hours = Y")
    answers = other.replace("X" if question == "load" else "Y", written).replace("X", "4").replace("Y", "5")

    ended = call_within_limits(home.run, "my", "week", "--answers", home.write("a.toml", answers), "--json")

    assert ended.code == 1
    assert len(ended.err) < 1000
    assert ended.problems[0]["code"] in (
        "bad-number",
        "too-large",
        "not-whole",
        "off-scale",
        "not-a-number",
        "too-small",
    )
    assert not home.entries
    assert Decimal(MAX_NUMBER) < Decimal("1e20")


def test_answers_that_no_question_has_are_refused_in_time_and_in_few_words(home):
    home.add_playbook("my/week", WEEK_PLAYBOOK)
    many = home.write("a.toml", "".join(f"whatever_{number} = 1\n" for number in range(15_000)))

    ended = call_within_limits(home.run, "my", "week", "--answers", many, "--json")

    assert (ended.code, len(ended.problems)) == (1, 100)


def test_lines_that_are_no_export_are_refused_in_time():
    def read(lines: list[str]) -> tuple[int, int]:
        unread = iter(lines)
        with pytest.raises(Refused) as refused:
            parse_json_lines(unread, "f")
        return len(refused.value.problems), len(list(unread))

    assert call_within_limits(read, ["x"] * 500_000) == (11, 500_000 - MAX_INVALID_LINES)
    assert call_within_limits(read, ["[" * MEBIBYTE]) == (1, 0)


QUESTION = '[[stage.question]]\nid = "q"\ntype = "text"\nask = "?"\n'
HEAD = f'format = 1\ntitle = "T"\nsummary = "S"\n[[stage]]\nid = "s"\ntitle = "S"\n{QUESTION}'


@pytest.mark.parametrize(
    "text",
    [
        "{q} " * 40_000,
        "{{" * 400_000,
        "a\\n" * 300_000,
        "- a\\n" * 200_000,
        "{zz} " * 40_000,
        "{ " * 40_000,
        " " * 900_000,
        "\\u007bq} " * 40_000,
    ],
)
def test_a_text_of_a_playbook_is_checked_in_time(text):
    source = f'{HEAD}[[finding]]\nid = "f"\ntitle = "F"\ntext = "{text}"\n'

    call_within_limits(_check, source)


def _check(source: str) -> list[str]:
    return [problem.code for problem in check_playbook(source.encode(), file="x")]


@pytest.mark.parametrize("text", ["{q} " * 40_000, "{{{q}" * 40_000, "{{" * 400_000, "{{a" * 300_000])
def test_a_text_with_forty_thousand_insertions_is_filled_in_linear_time(home, text):
    home.add_playbook("my/long", f'{HEAD}[[finding]]\nid = "f"\ntitle = "F"\ntext = "{text}"\n')
    playbook = load_playbook((home.playbooks / "my/long.toml").read_bytes(), file="x", id="my/long")

    assert playbook.questions
    ended = call_within_limits(home.run, "my", "long", "--answers", home.write("a.toml", 'q = "A word"\n'), "--json")
    assert ended.code == 0


@pytest.mark.parametrize("line", ["a\\n", "- a\\n", "- {q}\\n", "- a {{ b\\n\\n"])
def test_a_playbook_with_too_many_lines_is_refused_and_one_with_many_is_filled_in_time(home, line):
    def build(lines: int) -> str:
        return f'{HEAD}[[finding]]\nid = "f"\ntitle = "F"\ntext = "{line * (lines // line.count("n"))}"\n'

    home.add_playbook("my/long", build(MAX_TEXT_LINES))
    ended = call_within_limits(home.run, "my", "long", "--answers", home.write("a.toml", 'q = "A word"\n'), "--json")
    assert ended.code == 0
    assert call_within_limits(home.run, "journal", "show", "last").code == 0
    assert call_within_limits(_check, build(10 * MAX_TEXT_LINES)) == ["too-large"]


@pytest.mark.parametrize(
    ("unit", "count"),
    [
        ('[[stage.question]]\nid = "q{}"\ntype = "yesno"\nask = "A?"\n', 3_000),
        ('[[stage.question]]\nid = "q"\ntype = "yesno"\nask = "A?"\n', 3_000),
        ("[[stage.question]]\n", 7_900),
        ('[[stage]]\nid = "s{}"\n', 5_000),
        ('[[compute]]\nid = "c{}"\nvalue = "1 + 1"\n', 3_900),
        ('[[finding]]\nid = "f{}"\ntitle = "{q}"\nwhen = "q == q"\n', 2_500),
        ("k{} = 1\n", 15_900),
    ],
)
def test_a_playbook_with_as_many_tables_as_are_allowed_is_checked_in_time(unit, count):
    source = HEAD + "".join(unit.replace("{}", str(number)) for number in range(count))

    call_within_limits(_check, source)


def test_mutated_files_of_every_kind_are_read_or_refused_within_the_limits(tmp_path):
    script = Path(__file__).with_name("cost_process.py")
    share = -(-FILES // PROCESSES)
    started = [
        subprocess.Popen(
            [sys.executable, script, str(tmp_path / str(first)), str(first), str(min(FILES, first + share))],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**Home(tmp_path).env, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        )
        for first in range(0, FILES, share)
    ]
    lines = [line for process in started for line in process.communicate()[0].splitlines()]

    assert [line for line in lines if not line.startswith("read ")] == []
    assert f"read {FILES}" in lines
    assert [process.returncode for process in started] == [0] * len(started)

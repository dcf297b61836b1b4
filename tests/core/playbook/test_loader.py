"""Loading a playbook from bytes: encodings, broken TOML, recovery after errors, and arbitrary input."""

from __future__ import annotations

import time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playbook_samples import CHECKIN, SMALL, STAGE, WHOLE, question

from careerkit.core.errors import Place, Refused
from careerkit.core.playbook.loader import check_playbook, load_playbook


def codes(data: bytes | str) -> list[str]:
    data = data.encode() if isinstance(data, str) else data
    return [
        f"{str(each.where).removeprefix('f').removeprefix(':')} {each.code}" for each in check_playbook(data, file="f")
    ]


def test_the_whole_format_has_no_problem() -> None:
    assert codes(WHOLE) == []


def test_a_playbook_knows_its_id_and_the_hash_of_its_file() -> None:
    playbook = load_playbook(SMALL.encode(), file="f", id="group/name")

    assert playbook.id == "group/name"
    assert len(playbook.sha256) == 64
    assert playbook.sha256 != load_playbook(SMALL.encode() + b"\n", file="f", id="group/name").sha256


@pytest.mark.parametrize("data", [b"\xef\xbb\xbf" + SMALL.encode(), SMALL.replace("\n", "\r\n").encode()])
def test_a_byte_order_mark_and_windows_line_ends_change_nothing(data: bytes) -> None:
    assert load_playbook(data, file="f", id="x").stages == load_playbook(SMALL.encode(), file="f", id="x").stages


def test_columns_count_characters_and_not_the_byte_order_mark() -> None:
    text = (
        "\ufeff" + STAGE.replace("format = 1", "format = 2").replace('"T"', '"é{"') + question("x", rest='hint = "éé{"')
    )

    assert codes(text.replace("\n", "\r\n")) == ["1:10 unknown-format", "13:11 stray-brace"]


def test_a_playbook_with_problems_is_refused_with_all_of_them() -> None:
    text = STAGE + question("x", rest='when = "y"\nrequierd = 1') + question("x")

    with pytest.raises(Refused) as caught:
        load_playbook(text.encode(), file="my.toml", id="x")

    assert [(str(each.where), each.code) for each in caught.value.problems] == [
        ("my.toml:13:9", "unknown-id"),
        ("my.toml:14:1", "unknown-key"),
        ("my.toml:16:6", "duplicate-id"),
    ]


def test_a_playbook_with_warnings_can_be_loaded() -> None:
    text = STAGE + question("x", rest='check_text = "so"')

    assert {each.severity for each in check_playbook(text.encode(), file="f")} == {"warning"}
    assert load_playbook(text.encode(), file="f", id="x").title == "T"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", ["1:1 empty-file"]),
        (b" \n\t\n", ["1:1 empty-file"]),
        (b"\xef\xbb\xbf", ["1:1 empty-file"]),
        (b'a = 1\nb = "\xff"', ["2:6 not-utf8"]),
        (SMALL.encode("utf-16"), ["1:1 not-utf8"]),
        (b"x" * (1024 * 1024 + 1), [" too-large"]),
        (
            b"# " + b"x" * (1024 * 1024 - 3) + b"\n",
            ["1:1 missing-key", "1:1 missing-key", "1:1 missing-key", "1:1 no-stage"],
        ),
        (SMALL.encode() + b"\x00" * 3, ["13:1 control-character", "13:2 control-character", "13:3 control-character"]),
        (SMALL.replace("\n", "\r").encode(), ["1:11 control-character"]),
    ],
)
def test_an_unreadable_file_is_reported_with_the_reason(data: bytes, expected: list[str]) -> None:
    assert codes(data)[: len(expected)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("format 1", "1:8 toml-syntax"),
        ("a = yes", "1:5 toml-syntax"),
        ("a = 'x", "1:5 toml-syntax"),
        ("a = [ 1,\n", "1:5 toml-syntax"),
        ("a = 1\na = 2", "2:1 duplicate-key"),
        ("[a]\n[a]", "2:1 duplicate-key"),
        ("a = { b = 1, b = 2 }", "1:14 duplicate-key"),
        ("a = 1\n[[a]]", "2:4 duplicate-key"),
        ("a = { b = 1 }\n[a.c]", "2:5 duplicate-key"),
        ("a = 0000-01-01", "1:5 toml-syntax"),
        ("a = 2026-13-01", "1:9 toml-syntax"),
        ("a = " + "9" * 5000, "1:5 bad-number"),
        ('a = "\\q"', "1:8 toml-syntax"),
        ("a = " + "[" * 5000, "1:38 nested-too-deep"),
        ("a = " + "[" * 5000 + "]" * 5000, "1:38 nested-too-deep"),
        ("a = " + "{ b = " * 5000, "1:203 nested-too-deep"),
        (".".join("a" * 40) + " = 1", "1:66 nested-too-deep"),
        ("[" + ".".join("a" * 100_000) + "]", "1:67 nested-too-deep"),
        ('a."' + '"."'.join("b" * 100_000) + '" = 1', "1:130 nested-too-deep"),
    ],
)
def test_invalid_toml_is_one_problem_with_its_place(text: str, expected: str) -> None:
    started = time.process_time()

    assert codes(text) == [expected]
    assert time.process_time() - started < 5


def test_nesting_by_table_headers_is_limited_too() -> None:
    text = SMALL + "".join(f"[[{'.'.join('a' * depth)}]]\n" for depth in range(1, 31))

    assert [each.rpartition(" ")[2] for each in codes(text)] == ["nested-too-deep"]


def test_merge_conflict_markers_are_reported() -> None:
    text = SMALL + "<<<<<<< HEAD\nminutes = 3\n=======\nminutes = 4\n>>>>>>> other\n"

    assert codes(text) == ["13:1 merge-conflict", "15:1 merge-conflict", "17:1 merge-conflict"]


def test_merge_conflict_markers_in_a_multiline_string_are_reported() -> None:
    text = STAGE + question("x", rest='why = """\n<<<<<<< HEAD\na\n=======\nb\n>>>>>>> c\n"""')

    assert codes(text) == ["14:1 merge-conflict", "16:1 merge-conflict", "18:1 merge-conflict"]


@pytest.mark.parametrize(
    "number", ["1e999999", "-1e16", "nan", "inf", "1e99999999999999999999999", "1e-999999", "1000000000000000"]
)
def test_numbers_out_of_range_are_reported(number: str) -> None:
    text = STAGE + question("x", "number", f"max = {number}\ndefault = {number}")

    assert codes(text) == ["13:7 bad-number", "14:11 bad-number"]


def test_decimals_are_exact() -> None:
    playbook = load_playbook((STAGE + question("x", "number", "max = 0.10000000000001")).encode(), file="f", id="x")

    assert playbook.questions[0].spec.max == Decimal("0.10000000000001")  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("rest", "expected"),
    [
        ('hint = "a\\u001b[31m"', ["13:10 control-character"]),
        ('hint = "\\u009b"', ["13:9 control-character"]),
        ('hint = "a\u202eb"', ["13:10 control-character"]),
        ('hint = """\na\\n\\u2066b"""', ["14:4 control-character"]),
        ("# comment \u202e", ["13:11 control-character"]),
        ('"\\u001b" = 1', ["13:1 control-character", "13:1 unknown-key"]),
        ('hint = "tabs\\tand\\nbreaks, \u200f and e\u0301"', ["10:6 unused-question"]),
    ],
)
def test_control_characters_are_reported_and_escaped_in_messages(rest: str, expected: list[str]) -> None:
    text = STAGE + question("x", rest=rest)

    assert codes(text) == expected
    assert all(problem.message.isprintable() for problem in check_playbook(text.encode(), file="f"))


def test_a_broken_question_hides_no_other_problem() -> None:
    text = STAGE + (
        question("kind", "chioce", 'choices = [ { id = "a", label = "A" } ]\nwhen = "nobody"\nsource = [ "S9" ]')
        + question("size", "scale", 'min = "x"\nanchors = { 9 = "a" }')
        + question(
            "people", "records", 'fields = [ { id = "power", type = "scael", ask = "?" } ]\ncheck = "count(people) + 1"'
        )
        + question("after", rest="when = \"kind == 'b' and size > 2 and any(people, power > 1 and who) and nothing\"")
        + question("last", rest='hint = "{kind} {people} {nobody}"')
    )

    assert codes(text) == [
        "11:8 unknown-type",
        "14:9 unknown-id",
        "15:12 unknown-source",
        "20:7 wrong-type",
        "21:13 bad-anchor",
        "26:35 unknown-type",
        "32:73 unknown-id",
        "37:26 unknown-id",
    ]


def test_a_misspelled_key_does_not_also_count_as_missing() -> None:
    text = STAGE + question("x", "choice", 'chioces = [ { id = "a", label = "A" } ]').replace("ask =", "aks =")

    assert codes(text) == ["12:1 unknown-key", "13:1 unknown-key"]


def test_what_depends_on_a_broken_value_is_not_reported() -> None:
    text = STAGE + (
        question("x", "number", "max = true")
        + '[[compute]]\nid = "c"\nvalue = 3\n[[compute]]\nid = "d"\nvalue = "c + 1"\nbands = [ { id = "a" } ]\n'
        + '[[compute]]\nid = "e"\nvalue = "x +"\n'
        + '[[finding]]\nid = "f"\ntitle = "{c} {d} {e}"\ntally = "c"\ntext = 3\nwhen = "d > 3 and e > 3 and band(d) == \'a\'"\n'
        + '[[decision]]\nid = "g"\nweights = 3\nscores = "x"\n[[draft]]\nid = "h"\ntitle = "{g_first}"\ntext = "x"\n'
    )

    assert codes(text) == [
        "13:7 wrong-type",
        "16:9 wrong-type",
        "23:13 expression-syntax",
        "28:8 wrong-type",
        "32:11 wrong-type",
        "33:10 unfit-source",
    ]


def test_a_repetition_of_nothing_is_one_problem() -> None:
    text = SMALL + CHECKIN + '[[checkin.question]]\nid = "y"\nagain = 3\n[[checkin.question]]\nid = "z"\nagain = "z"\n'

    assert codes(text) == ["19:9 wrong-type", "22:9 forward-reference"]


def test_long_chains_of_computes_are_handled() -> None:
    chain = "".join(f'[[compute]]\nid = "c{n}"\nvalue = "c{n + 1}"\n' for n in range(3000))
    text = STAGE + question("x", "number") + chain + '[[compute]]\nid = "c3000"\nvalue = "x"\n'

    assert [code.partition(" ")[2] for code in codes(text)] == ["nested-too-deep"]


def test_long_chains_of_items_are_handled() -> None:
    chain = "".join(question(f"q{n}", "choices", f'items = "q{n - 1}"') for n in range(1, 499))
    text = STAGE + question("q0", "choices", 'choices = [ { id = "a", label = "A" } ]') + chain

    assert codes(text + question("last", rest="when = \"'b' in q498\"")) == ["2508:9 unknown-choice"]


@pytest.mark.parametrize("name", ["no line", "x\x1b"])
def test_problems_use_the_file_name_of_the_caller(name: str) -> None:
    problems = check_playbook(b"a", file=name)

    assert problems[0].where == Place(name, 1, 2)


lines = WHOLE.splitlines(keepends=True)


@given(st.data())
def test_a_mutated_playbook_gives_problems_with_places_and_never_crashes(data: st.DataObject) -> None:
    broken = list(lines)
    for _ in range(data.draw(st.integers(1, 3))):
        number = data.draw(st.integers(0, len(broken) - 1))
        line = broken[number]
        key, equals, value = line.partition(" = ")
        broken[number] = data.draw(
            st.sampled_from([
                "", line * 2, value, f"{key}{equals}3\n", f'{key}{equals}"harm"\n', f"{key}{equals}[]\n", f"{key}{equals}{{}}\n",
                f'{key}{equals}["x", 3]\n', f"x{line}", line.replace('"', "'"), line[: len(line) // 2] + "\n", f"{key}{equals}true\n",
                line.replace("harm", "kind"), line.replace("owner", "scores"), f"{key}{equals}2026-01-01\n", f"{key}{equals}-0.5\n",
            ])
        )  # fmt: skip
    text = "".join(broken)

    problems = check_playbook(text.encode(), file="f")

    assert all(isinstance(each.where, Place) and each.where.line <= text.count("\n") + 1 for each in problems)
    assert [str(each.where) for each in problems if each.where.line == 0] == []  # type: ignore[union-attr]


@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_arbitrary_bytes_give_problems(data: bytes) -> None:
    assert check_playbook(data, file="f")


@given(st.integers(0, len(WHOLE)))
def test_a_truncated_playbook_loads_or_has_problems(length: int) -> None:
    source = WHOLE[:length].encode()

    if not [each for each in check_playbook(source, file="f") if each.severity == "error"]:
        assert load_playbook(source, id="f", file="f").title

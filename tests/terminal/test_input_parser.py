"""What a terminal sends, parsed: keys, text, pastes, reports and what nobody knows, wherever reads cut the stream."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careerkit.terminal.keys.input_parser import InputParser, strip_control_sequences
from careerkit.terminal.keys.key_codes import Key, Paste
from measured_process import call_within_limits

PASTE = "\x1b[200~{}\x1b[201~"

REPORTS = {
    "focus in": "\x1b[I",
    "focus out": "\x1b[O",
    "cursor position": "\x1b[24;80R",
    "device attributes": "\x1b[?64;1;2;6;9;15;18;21;22c",
    "secondary attributes": "\x1b[>41;379;0c",
    "tertiary attributes": "\x1bP!|00000000\x1b\\",
    "status": "\x1b[0n",
    "mode": "\x1b[?2026;2$y",
    "colour scheme": "\x1b[?997;1n",
    "window size": "\x1b[8;24;80t",
    "resized": "\x1b[48;24;80;480;640t",
    "kitty flags": "\x1b[?1u",
    "background, ST": "\x1b]11;rgb:ffff/ffff/ffff\x1b\\",
    "background, BEL": "\x1b]11;rgb:1e1e/1e1e/1e1e\x07",
    "palette": "\x1b]4;1;rgb:cccc/0000/0000\x1b\\",
    "clipboard": "\x1b]52;c;c2VjcmV0\x1b\\",
    "title": "\x1b]lmy title\x1b\\",
    "version": "\x1bP>|XTerm(379)\x1b\\",
    "termcap": "\x1bP1+r544e=787465726d\x1b\\",
    "setting": "\x1bP1$r0m\x1b\\",
    "graphics": "\x1b_Gi=31;OK\x1b\\",
    "private message": "\x1b^words\x1b\\",
    "start of string": "\x1bXwords\x1b\\",
    "mouse, X10": "\x1b[M !!",
    "mouse, SGR": "\x1b[<0;10;20M",
    "mouse, SGR, released": "\x1b[<0;10;20m",
    "mouse, urxvt": "\x1b[32;10;20M",
    "unknown CSI": "\x1b[1;2;3 q",
    "unknown SS3": "\x1bOz",
    "C1 CSI": "\x9bI",
    "C1 OSC": "\x9d11;rgb:0/0/0\x9c",
    "C1 DCS": "\x90>|foot\x9c",
    "CSI as one byte": "\udc9bI",
    "OSC as one byte": "\udc9d11;rgb:0/0/0\udc9c",
    "released key": "\x1b[97;1:3u",
    "a lone modifier": "\x1b[57441;2u",
    "a media key": "\x1b[57428u",
    "super": "\x1b[97;9u",
    "alt": "\x1b[120;3u",
    "F3 on the Linux console": "\x1b[[C",
    "F12": "\x1b[24~",
    "insert": "\x1b[2~",
}
KEYS = {
    Key.ENTER: ["\r", "\n", "\x1bOM", "\x1b[13u", "\x1b[13;2u", "\x1b[27;2;13~", "\x1b[57414u", "\x1b[13;129u"],
    Key.SUBMIT: ["\x1b\r", "\x04", "\x1b[13;3u", "\x1b[13;5u", "\x1b[27;5;13~", "\x1b[100;5u"],
    Key.STOP: ["\x03", "\x1b[99;5u", "\x1b[27;5;99~", "\x1b[1089::99;5u", "\x1b[99;69u", "\x1b[27;5;67~"],
    Key.UP: ["\x1b[A", "\x1bOA", "\x9bA", "\x8fA", "\udc9bA", "\x1b[1;1A", "\x1b[57419u", "\x10"],
    Key.LEFT: ["\x1b[D", "\x1bOD", "\x1b[1;2D"],
    Key.MOVE_UP: ["\x1b[1;3A", "\x1b\x1b[A", "\x1b[1;2A", "\x1b[a"],
    Key.WORD_RIGHT: ["\x1bf", "\x1b[1;5C", "\x1bO5C", "\x1bOc", "\x1b\x1b[C"],
    Key.HOME: ["\x1b[H", "\x1b[1~", "\x1b[7~", "\x1bOH", "\x1b[5~", "\x01"],
    Key.DELETE: ["\x1b[3~", "\x1b[57426u"],
    Key.BACK: ["\x1b[Z", "\x1b[9;2u", "\x1b[27;2;9~"],
    Key.FORWARD: ["\t", "\x1b[9u", "\x1b[105;5u"],
    Key.WHY: ["\x1bOP", "\x1b[11~", "\x1b[[A", "\x1b[P"],
    Key.BACKSPACE: ["\x7f", "\x08", "\x1b[127u", "\x1b[127;2u"],
    Key.DELETE_WORD: ["\x17", "\x1b\x7f", "\x1b[127;5u", "\x1b[127;3u"],
    Key.UNDO: ["\x1f", "\x18\x15", "\x1b[45;6u", "\x1b[47;5u", "\x1b[27;6;95~"],
    Key.YANK: ["\x19", "\x1b[121;5u"],
    Key.EDITOR: ["\x18\x05", "\x1b[120;5u\x1b[101;5u"],
    Key.DELETE_LEFT: ["\x15", "\x1b[117;5u", "\x1b[27;5;117~"],
    Key.ESCAPE: ["\x1b[27u", "\x1b[91;5u"],
    Key.SUSPEND: ["\x1a", "\x1b[122;5u"],
    "A": ["A", "\x1b[97;2u", "\x1b[27;2;65~", "\x1b[97:65;2u", "\x1b[97;2;65u", "\x1b[65;65u"],
    "5": ["5", "\x1bOu", "\x1b[57404u"],
    ".": [".", "\x1bOn", "\x1b[57409u"],
    "é": ["é", "\x1b[233u"],
    "Ä": ["Ä", "\x1b[228;2u"],
}


def parse(*pieces, pause=False):
    """What the pieces mean, each read on its own; with a `pause`, after some time without input."""
    parser = InputParser()
    presses = []
    for piece in pieces:
        presses += parser.feed(piece)
        presses += parser.flush() if pause else []
    return [*presses, *parser.flush()]


@pytest.mark.parametrize("name", REPORTS)
def test_what_a_terminal_reports_is_never_text_wherever_it_is_cut(name):
    report = REPORTS[name]
    assert parse(f"a{report}b") == ["a", "b"]
    for place in range(1, len(report)):
        assert parse("a", report[:place], report[place:] + "b") == ["a", "b"]
        if report[:place] != "\x1b":  # only a lone ESC is decided by time
            assert parse("a", report[:place], report[place:] + "b", pause=True) == ["a", "b"]


@pytest.mark.parametrize(("key", "sequence"), [(key, each) for key, all_of in KEYS.items() for each in all_of])
def test_a_key_is_understood_in_every_encoding_wherever_it_is_cut(key, sequence):
    assert parse(sequence) == [key]
    assert parse(f"x{sequence}y") == ["x", key, "y"]
    for place in range(1, len(sequence)):
        assert parse(sequence[:place], sequence[place:]) == [key]


def test_a_lone_escape_is_the_esc_key_when_nothing_follows():
    assert parse("\x1b", "[D", pause=True)[0] is Key.ESCAPE
    assert parse("\x1b", "[D") == [Key.LEFT]
    assert parse("\x1b[", "D", pause=True) == [Key.LEFT]
    assert parse("\x1b\x1b", pause=True) == [Key.ESCAPE, Key.ESCAPE]
    assert parse("\x1b\x1b[200~a\x1b[201~") == [Key.ESCAPE, "a"]
    assert parse("\x1b\x03") == [Key.ESCAPE, Key.STOP]


def test_a_sequence_that_is_cut_off_swallows_no_other_key():
    assert parse("\x1b[1;\r") == [Key.ENTER]
    assert parse("\x1b[1;\x03") == [Key.STOP]
    assert parse("\x1b]11;rgb\x03") == [Key.STOP]
    assert parse("\x1b[\x1b[A") == [Key.UP]
    assert parse("\x1b]11;rgb\x1b[A") == [Key.UP]
    assert parse("\x1b[é") == ["é"]
    assert parse("\x1b]0;never ends\rx") == [Key.ENTER, "x"]


@pytest.mark.parametrize("pressed", ["\x1b]", "\x1bP", "\x9d", "\x90"])
def test_text_after_alt_with_the_key_that_begins_a_report_is_text(pressed):
    assert parse(f"{pressed}hi\r") == ["h", "i", Key.ENTER]
    assert parse(pressed, "é", "\r", pause=True) == ["é", Key.ENTER]


def test_a_paste_is_one_whatever_pieces_it_comes_in():
    text = "one\ntwo\x1b[A" + "x" * 1800
    whole = PASTE.format(text)
    assert parse(whole) == [text]
    for place in range(1, 30):
        assert parse(whole[:place], whole[place:]) == [text]
        assert parse(whole[:-place], whole[-place:] + "y") == [text, "y"]
    assert parse(*whole) == [text]
    assert parse("\x1b", "[200~" + "a" * 600, "b" * 1200, "c\x1b[201~") == ["a" * 600 + "b" * 1200 + "c"]


@pytest.mark.parametrize("ctrl_c", [*KEYS[Key.STOP], "\x03\x03\x03", "\x1b[99;5:1u\x1b[99;5:3u"])
def test_ctrl_c_ends_a_paste_that_never_does(ctrl_c):
    assert parse("\x1b[200~half", ctrl_c, pause=True) == ["half", Key.STOP]
    assert parse("\x1b[200~", ctrl_c, pause=True) == [Key.STOP]
    assert parse("\x1b[200~half", ctrl_c + "\x1b[201~", pause=True) == [f"half{ctrl_c}"]
    for size in (1, 2, 3, 4):
        pieces = [ctrl_c[start : start + size] for start in range(0, len(ctrl_c), size)]
        parser = InputParser()
        for piece in ["\x1b[200~half a text", *pieces]:
            assert parser.feed(piece) == []
        assert parser.flush() == ["half a text", Key.STOP]


def test_ctrl_c_that_was_pasted_is_text():
    assert parse(PASTE.format("a\x03rm -rf ~\n")) == ["a\x03rm -rf ~\n"]
    assert parse("\x1b[200~a\x03b", "c\x1b[201~", pause=True) == ["a\x03bc"]
    assert parse("\x1b[200~a\x03", "b\x1b[201~") == ["a\x03b"]


def test_bytes_that_are_not_utf_8_are_text_to_be_refused():
    assert parse("a\udcffb\udc93") == ["a", "\udcff", "b", "\udc93"]


@pytest.mark.parametrize("sequence", ["\x1b[{}H", "\x1b[1{}A", "\x1bO{}A", "\x1b]52;c;{}\x07"])
def test_a_very_long_sequence_takes_no_time_and_no_memory(sequence):
    stream = sequence.format("0" * 5_000_000)

    assert call_within_limits(parse, stream, "x") == ["x"]
    pieces = [stream[start : start + 20] for start in range(0, len(stream), 20)]
    assert call_within_limits(parse, *pieces, "x") == ["x"]


@pytest.mark.parametrize(
    ("unit", "presses"),
    [("x", 1), ("\r", 1), ("\x1b[A", 1), ("\x1b[200~y\n\x1b[201~", 1), ("\x1b]", 0), ("\x1b[1;", 0), ("\x1b]1", 0)],
)
def test_a_megabyte_in_any_form_takes_little_time(unit, presses):
    count = (1 << 20) // len(unit)

    def count_presses(size: int) -> int:
        parser, stream = InputParser(needs_brackets=True), unit * count
        return sum(len(parser.feed(stream[start : start + size])) for start in range(0, len(stream), size))

    for size in (4096, 1 << 20):
        assert call_within_limits(count_presses, size) == presses * count


def test_a_paste_of_a_megabyte_takes_little_time():
    paste = PASTE.format("y\n" * 500_000)

    (text,) = call_within_limits(parse, *(paste[start : start + 100] for start in range(0, len(paste), 100)))
    assert len(text) == 1_000_000


def test_many_characters_at_once_are_a_paste_unless_brackets_are_needed():
    text = "one\n" * 500
    assert InputParser().feed(text) == [text]
    assert isinstance(InputParser().feed(text)[0], Paste)
    assert InputParser(needs_brackets=True).feed(text) == [*"one", Key.ENTER] * 500
    (paste,) = InputParser(needs_brackets=True).feed(PASTE.format("one\ntwo"))
    assert isinstance(paste, Paste)


def test_only_an_escape_and_a_paste_are_decided_by_time():
    parser = InputParser()
    for piece, is_undecided in {"a": False, "\x1b": True, "[": False, "1": False, "A": False, "\x1b]1;": False}.items():
        parser.feed(piece)
        assert parser.is_undecided == is_undecided, piece
    parser.feed("\x07\x1b[200~half")
    assert parser.is_undecided


def test_a_control_character_may_have_another_meaning():
    parser = InputParser(control_keys={"\x04": Key.END_OF_INPUT})
    assert parser.feed("\x04\x1b[100;5u\x01") == [Key.END_OF_INPUT, Key.END_OF_INPUT]


# ---------------------------------------------------------------- control sequences in a pasted text


@pytest.mark.parametrize("sequence", REPORTS.values(), ids=REPORTS)
def test_no_report_is_left_in_a_pasted_text(sequence):
    assert strip_control_sequences(f"a\tb\r\n{sequence}c\rd") == "a\tb\nc\nd"


def test_what_is_pasted_with_colours_loses_only_those():
    assert strip_control_sequences("\x1b[31mred\x1b[0m\x07, \x1b[200~kept\x1b]0;x\x07") == "red, kept"
    assert strip_control_sequences("\x1b[200~" * 20_000 + "x\x1b[A") == "x"


@given(st.text(st.sampled_from("\x1b[]OP?;0123~ABu\x07\x9b\r\nx\x03\x7f"), max_size=60))
def test_garbage_never_leaves_a_control_character_in_a_text(stream):
    typed = [press for press in parse(stream) if isinstance(press, str) and not isinstance(press, Paste)]

    for text in (*typed, strip_control_sequences(stream)):
        assert all(char >= " " and not "\x7f" <= char <= "\x9f" for char in text.replace("\n", ""))


# ---------------------------------------------------------------- random streams

PIECES = st.lists(
    st.one_of(
        st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1, max_size=8).map(
            lambda text: (text, [*text])
        ),
        st.sampled_from([(each, []) for each in REPORTS.values()]),
        st.text("ab é\n", min_size=1, max_size=9).map(lambda text: (PASTE.format(text), [text])),
        st.sampled_from([(each, [key]) for key, all_of in KEYS.items() for each in all_of]),
    ),
    max_size=12,
)


@given(PIECES, st.integers(0, 2**32))
def test_wherever_the_stream_is_cut_the_text_is_what_was_typed(pieces, seed):
    stream = "".join(sent for sent, _ in pieces)
    chance = random.Random(seed)
    cuts = sorted(chance.randrange(len(stream) + 1) for _ in range(5))
    parts = [stream[start:end] for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True)]

    assert parse(*parts) == [press for _, presses in pieces for press in presses]

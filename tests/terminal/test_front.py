"""Which front end is chosen."""

import io
import os
import pty

import pytest

from careerkit.terminal.front import choose_look, choose_screen, encoding_of, size_of
from careerkit.terminal.line_screen import LineScreen
from careerkit.terminal.pieces import Heading, Remark, Verdict
from careerkit.terminal.plain_look import PlainLook
from careerkit.terminal.rich_look import RichLook


class Stream(io.StringIO):
    def __init__(self, *, terminal=True, encoding="utf-8"):
        super().__init__()
        self._terminal = terminal
        self._encoding = encoding

    def isatty(self):
        return self._terminal

    @property
    def encoding(self):
        return self._encoding


def look(*streams, plain=False, color=True, environment=None, **options):
    streams = streams or (Stream(), Stream(), Stream())
    return choose_look(plain=plain, color=color, streams=streams, environment=environment or {}, **options)


def test_a_full_terminal_gets_the_rich_look():
    chosen, size = look()

    assert isinstance(chosen, RichLook)
    assert size() == (80, 0)


@pytest.mark.parametrize(
    "chosen",
    [
        lambda: look(plain=True),
        lambda: look(environment={"TERM": "dumb"}),
        lambda: look(Stream(terminal=False), Stream(), Stream()),
        lambda: look(Stream(), Stream(terminal=False), Stream()),
        lambda: look(Stream(), Stream(), Stream(terminal=False)),
    ],
    ids=["--plain", "TERM=dumb", "no stdin", "no stdout", "no stderr"],
)
def test_everywhere_else_it_is_plain(chosen):
    result, size = chosen()

    assert isinstance(result, PlainLook)
    assert size is None


@pytest.mark.parametrize(("color", "environment"), [(False, {}), (True, {"NO_COLOR": "1"})])
def test_without_color_no_escape_is_written(color, environment):
    chosen, _ = look(color=color, environment=environment, columns=80)

    assert "\x1b" not in chosen.paint(Heading("x")) + chosen.paint(Verdict("stop", "x"))
    assert "\x1b" in look(columns=80)[0].paint(Heading("x"))


def test_the_symbols_follow_the_encoding():
    ascii_look, _ = look(Stream(), Stream(encoding="ascii"), Stream(encoding="ascii"), columns=80)

    assert ascii_look.paint(Verdict("stop", "x")).isascii()
    assert "■" in look(columns=80)[0].paint(Verdict("stop", "x"))


def test_streams_of_different_encodings_meet_in_ascii():
    assert encoding_of(Stream(), Stream()) == "utf-8"
    assert encoding_of(Stream(), Stream(encoding="latin-1")) == "ascii"
    assert encoding_of(Stream(encoding=None)) == "ascii"


def test_the_conversation_goes_to_stderr():
    stdout, stderr = Stream(terminal=False), Stream()
    screen = choose_screen(plain=False, color=True, stdin=Stream(), stdout=stdout, stderr=stderr, environment={})
    screen.say("something")

    assert isinstance(screen, LineScreen)
    assert (stdout.getvalue(), stderr.getvalue()) == ("", "something\n")


def test_bytes_that_are_not_utf_8_do_not_end_the_input():
    stdin = io.TextIOWrapper(io.BytesIO(b"caf\xe9\ny\n"), encoding="utf-8")
    stderr = Stream()
    screen = choose_screen(plain=True, color=True, stdin=stdin, stdout=Stream(), stderr=stderr, environment={})

    assert screen.confirm("Sure?", default=False) is True
    assert "not UTF-8" in stderr.getvalue()


def test_the_size_is_that_of_the_terminal():
    controller, terminal = pty.openpty()
    with open(terminal, "w") as stream:
        import fcntl
        import struct
        import termios

        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 50, 0, 0))
        assert size_of(stream)() == (50, 30)
        chosen, _ = choose_look(plain=False, color=False, streams=(stream,), environment={})
        assert max(len(line) for line in chosen.paint(Remark("word " * 30)).splitlines()) <= 50
    os.close(controller)

"""Which front end is chosen."""

import io
import os
import pty

import pytest

from careerkit.terminal.line_screen import LineScreen
from careerkit.terminal.plain_renderer import (
    LazyRichRenderer,
    PlainRenderer,
    choose_renderer,
    choose_screen,
    find_common_encoding,
    make_size_provider,
)
from careerkit.terminal.view_models import FindingTitle, Heading, InfoMessage


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
    return choose_renderer(plain=plain, color=color, streams=streams, environment=environment or {}, **options)


def test_a_full_terminal_gets_the_rich_look():
    chosen, size = look()

    assert isinstance(chosen, LazyRichRenderer)
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

    assert isinstance(result, PlainRenderer)
    assert size is None


@pytest.mark.parametrize(("color", "environment"), [(False, {}), (True, {"NO_COLOR": "1"})])
def test_without_color_no_escape_is_written(color, environment):
    chosen, _ = look(color=color, environment=environment, columns=80)

    assert "\x1b" not in chosen.render(Heading("x")) + chosen.render(FindingTitle("stop", "x"))
    assert "\x1b" in look(columns=80)[0].render(Heading("x"))


def test_the_symbols_follow_the_encoding():
    ascii_look, _ = look(Stream(), Stream(encoding="ascii"), Stream(encoding="ascii"), columns=80)

    assert ascii_look.render(FindingTitle("stop", "x")).isascii()
    assert "■" in look(columns=80)[0].render(FindingTitle("stop", "x"))


def test_streams_of_different_encodings_meet_in_ascii():
    assert find_common_encoding(Stream(), Stream()) == "utf-8"
    assert find_common_encoding(Stream(), Stream(encoding="latin-1")) == "ascii"
    assert find_common_encoding(Stream(encoding=None)) == "ascii"


def test_the_conversation_goes_to_stderr():
    stdout, stderr = Stream(terminal=False), Stream()
    screen = choose_screen(plain=False, color=True, stdin=Stream(), stdout=stdout, stderr=stderr, environment={})
    screen.show_info("something")

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
        assert make_size_provider(stream)() == (50, 30)
        chosen, _ = choose_renderer(plain=False, color=False, streams=(stream,), environment={})
        assert max(len(line) for line in chosen.render(InfoMessage("word " * 30)).splitlines()) <= 50
    os.close(controller)

"""Copying to the clipboard: which means is tried, what it gets, and what is said."""

from __future__ import annotations

import base64
from io import StringIO

import pytest

from careerkit.core.errors import Refused
from careerkit.terminal.external_programs import MAX_OSC_LENGTH, copy_to_clipboard

TEXT = "Grüße an Linh\nzweite Zeile\n"


@pytest.fixture
def install(tmp_path):
    """Put a program into the path that keeps its arguments and its input, or fails."""

    def write(name: str, *, code: int = 0) -> None:
        program = tmp_path / name
        program.write_text(
            f'#!/bin/sh\nprintf "%s" "$*" > {tmp_path}/{name}.arguments\n/bin/cat > {tmp_path}/{name}.copied\nexit {code}\n'
        )
        program.chmod(0o755)

    return write


def copy(tmp_path, *, terminal: StringIO | None = None, text: str = TEXT, **variables: str) -> str:
    environment = {"PATH": str(tmp_path), "TERM": "xterm", **variables}
    return copy_to_clipboard(text, environment=environment, terminal=terminal)


@pytest.mark.parametrize(
    ("name", "variables"),
    [
        ("wl-copy", {"WAYLAND_DISPLAY": "wayland-0"}),
        ("xclip", {"DISPLAY": ":0"}),
        ("xsel", {"DISPLAY": ":0"}),
        ("pbcopy", {}),
        ("clip.exe", {}),
        ("tmux", {"TMUX": "/tmp/tmux"}),
    ],
)
def test_each_program_gets_the_text_on_standard_input(install, tmp_path, name, variables):
    install(name)

    assert copy(tmp_path, **variables) == name
    copied = (tmp_path / f"{name}.copied").read_bytes()
    assert copied.decode("utf-16-le" if name == "clip.exe" else "utf-8") == TEXT
    assert "Linh" not in (tmp_path / f"{name}.arguments").read_text()


@pytest.mark.parametrize("name", ["wl-copy", "xclip", "xsel", "tmux"])
def test_a_program_is_not_used_where_it_would_have_nothing_to_copy_to(install, tmp_path, name):
    install(name)

    with pytest.raises(Refused) as refused:
        copy(tmp_path)
    assert [each.code for each in refused.value.problems] == ["no-clipboard"]
    assert not (tmp_path / f"{name}.copied").exists()


def test_after_a_program_that_fails_the_next_one_is_tried(install, tmp_path):
    install("xclip", code=1)
    install("xsel")

    assert copy(tmp_path, DISPLAY=":0") == "xsel"


def test_without_a_program_the_terminal_is_asked_to_copy(tmp_path):
    terminal = StringIO()

    assert copy(tmp_path, terminal=terminal) == "the terminal"
    sent = terminal.getvalue()
    assert sent.startswith("\x1b]52;c;")
    assert sent.endswith("\x07")
    assert base64.b64decode(sent[7:-1]).decode() == TEXT


@pytest.mark.parametrize(("term", "text"), [("dumb", TEXT), ("linux", TEXT), ("xterm", "x" * MAX_OSC_LENGTH)])
def test_a_terminal_that_can_not_take_it_is_sent_nothing(tmp_path, term, text):
    terminal = StringIO()

    with pytest.raises(Refused):
        copy(tmp_path, terminal=terminal, text=text, TERM=term)
    assert terminal.getvalue() == ""

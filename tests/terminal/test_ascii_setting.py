"""`careerkit config set ascii true`: ASCII symbols in the interview, in the views and in the opening."""

import io

from careerkit.terminal.plain_renderer import choose_renderer
from careerkit.terminal.sanitize import ASCII_SYMBOLS, choose_symbols


class FakeTerminal(io.StringIO):
    encoding = "utf-8"

    def isatty(self):
        return True

    def fileno(self):
        raise OSError


def test_the_setting_chooses_the_symbols_whatever_the_encoding():
    assert choose_symbols("utf-8", use_ascii=True) == ASCII_SYMBOLS
    assert choose_symbols("utf-8") != ASCII_SYMBOLS
    renderer, _ = choose_renderer(plain=False, color=False, streams=(FakeTerminal(),), environment={}, use_ascii=True)
    assert renderer._symbols == ASCII_SYMBOLS


def test_the_setting_is_read_for_sessions_and_views(home):
    from careerkit.cli.container import prefers_ascii

    with home.started():
        assert not prefers_ascii()
    assert home.run("config", "set", "ascii", "true").code == 0
    with home.started():
        assert prefers_ascii()

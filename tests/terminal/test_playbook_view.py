"""`playbook show` prints everything that a playbook says."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest

from careerkit.core.playbook.loader import load_plain
from careerkit.core.playbook.model import read_playbook
from careerkit.terminal.playbook_view import write_playbook
from playbook_cases import REPOSITORY, list_bundled_ids

FILES = [
    Path(__file__).parents[1] / "core" / "playbook" / "broken" / "base.toml",
    *(REPOSITORY / "playbooks" / f"{each}.toml" for each in list_bundled_ids()),
]
NOT_SHOWN = ("type", "level")
"""Keys with words of the format, which are shown as they are."""


def list_texts(value: object, key: str = "") -> Iterator[str]:
    match value:
        case dict():
            for name, each in value.items():
                yield from list_texts(each, name)
        case list():
            for each in value:
                yield from list_texts(each, key)
        case str() if value and key not in NOT_SHOWN:
            yield value


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_text_condition_date_and_source_of_a_playbook_is_shown(file):
    plain = load_plain(file.read_bytes(), file="f")
    out = StringIO()

    write_playbook(read_playbook(plain, id="me/it", sha256=""), to=out, columns=10_000, encoding="utf-8")

    shown = " ".join(out.getvalue().split())
    texts = [" ".join(each.split()) for each in list_texts(plain)]
    assert len(texts) > 100
    assert [each for each in texts if each not in shown] == []

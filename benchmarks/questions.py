"""Read questions from the playbooks' files, so that a changed wording breaks no benchmark."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

PLAYBOOKS = Path(__file__).parent.parent / "playbooks"


def asks_in(file: Path) -> dict[str, str]:
    """The text of each question of a playbook's file, by id."""
    return {id_: str(each["ask"]) for id_, each in _read(file).items()}


def second_choice_of(playbook: str) -> str:
    """The label of the second choice of the first question."""
    return str(next(iter(_questions(playbook).values()))["choices"][1]["label"])


def ask_of(playbook: str, question: str = "") -> str:
    """The text of a question, by default the first one."""
    asked = _questions(playbook)
    return str(asked[question or next(iter(asked))]["ask"])


def keys_of(playbook: str, question: str, answer: str) -> str:
    """What to type for `answer`: the number of the choice with that id, or the words themselves."""
    choices = [each["id"] for each in _questions(playbook)[question].get("choices", [])]
    return str(choices.index(answer) + 1) if choices else answer


def _questions(playbook: str) -> dict[str, dict[str, Any]]:
    return _read(PLAYBOOKS / f"{playbook}.toml")


@lru_cache
def _read(file: Path) -> dict[str, dict[str, Any]]:
    document = tomllib.loads(file.read_text())
    return {each["id"]: each for stage in document["stage"] for each in stage["question"]}

"""List the sentences that each bundled playbook can say, next to the condition that makes each of them true.

The lists are `tests/honesty/GROUP-NAME.toml`. `make honesty` adds the sentences that are new, with an empty condition, and
removes those that are gone; tests/test_honesty.py fails until every condition is filled in. A list has one table:

    [sentences]
    "Nobody else knows about it yet." = "knows == 'nobody'"
    "Call {boss} before you write anything." = "asserts nothing"

A condition is an expression over the answers, as in a playbook. It is checked: it must parse, and hold whenever the
sentence is said. `asserts nothing` is for advice, greetings and questions. `always` is for what is true of anybody.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from careerkit.core.playbook.loader import load_playbook
from careerkit.core.playbook.model import CheckinRule, Playbook
from careerkit.core.questions.question import Line
from careerkit.core.text import abbreviate

ROOT = Path(__file__).parent.parent
LISTS = ROOT / "tests" / "honesty"
FREE = ("asserts nothing", "always")
"""What may stand for a condition."""

SENTENCE_END = re.compile(r"(?<=[.!?:])[\"'”’)]*\s+(?=[A-Z\"'“‘({\[-])")


def main(arguments: list[str] | None = None) -> int:
    """Update the lists. The exit code is 1 if a condition is missing."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("playbooks", nargs="*", help="such as crisis/start; all bundled ones by default")
    wanted = parser.parse_args(arguments).playbooks or list_playbook_ids()
    missing = 0
    for playbook_id in wanted:
        playbook = load(playbook_id)
        updated = update_list(playbook, read_list(playbook_id))
        write_list(playbook_id, updated)
        empty = [sentence for sentence, condition in updated.items() if not condition]
        missing += len(empty)
        sys.stdout.write(f"{playbook_id}: {len(updated)} sentences, {len(empty)} without a condition\n")
        sys.stdout.writelines(f"    {abbreviate(sentence, 100)}\n" for sentence in empty[:3])
    return 1 if missing else 0


def list_playbook_ids() -> list[str]:
    return [f"{path.parent.name}/{path.stem}" for path in sorted((ROOT / "playbooks").glob("*/*.toml"))]


def load(playbook_id: str) -> Playbook:
    path = ROOT / "playbooks" / f"{playbook_id}.toml"
    return load_playbook(path.read_bytes(), file=str(path), id=playbook_id)


def list_path(playbook_id: str) -> Path:
    return LISTS / f"{playbook_id.replace('/', '-')}.toml"


def read_list(playbook_id: str) -> dict[str, str]:
    """The sentences with their conditions; empty if there is no list yet."""
    path = list_path(playbook_id)
    return tomllib.loads(path.read_text(encoding="utf-8"))["sentences"] if path.exists() else {}


def write_list(playbook_id: str, sentences: Mapping[str, str]) -> None:
    lines = [f"{_quote(sentence)} = {_quote(condition)}" for sentence, condition in sentences.items()]
    LISTS.mkdir(exist_ok=True)
    list_path(playbook_id).write_text("\n".join(["[sentences]", *lines]) + "\n", encoding="utf-8")


def update_list(playbook: Playbook, known: Mapping[str, str]) -> dict[str, str]:
    """The sentences of the playbook, in its order, with the known conditions."""
    return {sentence: known.get(sentence, "") for sentence in dict.fromkeys(list_sentences(playbook))}


def list_sentences(playbook: Playbook) -> Iterator[str]:
    """Every sentence of headlines, findings, drafts and actions, and of the computes that hold words, as written."""
    for lines in list_texts(playbook):
        yield from split_sentences(lines)


def list_texts(playbook: Playbook) -> Iterator[tuple[Line, ...]]:
    for headline in playbook.headlines:
        yield headline.text.lines
    for compute in playbook.computes:
        yield compute.text.lines
        yield tuple(Line(line.text) for line in compute.tally)
    parts: tuple[Playbook | CheckinRule, ...] = (playbook, *playbook.checkins)
    for part in parts:
        for finding in part.findings:
            yield from (finding.title.lines, finding.text)
        for draft in part.drafts:
            yield from (draft.title.lines, draft.text)
        for action in part.actions:
            yield from (action.do.lines, action.cue.lines, action.evidence.lines, action.owner.lines)


def split_sentences(lines: Iterable[Line]) -> Iterator[str]:
    """The sentences of each line. A sentence ends with a full stop, question mark, exclamation mark or colon."""
    for line in lines:
        for sentence in SENTENCE_END.split(line.text.removeprefix("- ").strip()):
            if re.search(r"[A-Za-z]", re.sub(r"\{[a-z0-9_]+\}", "", sentence)):
                yield sentence.strip()


def _quote(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)  # a TOML string in double quotes is written like a JSON one


if __name__ == "__main__":
    sys.exit(main())

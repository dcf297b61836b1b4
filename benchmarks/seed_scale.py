"""Run by the installed careerkit's own Python: `seed_scale.py COUNT FOLDER ANSWERS` fills a journal with so many entries.

The first one is made by careerkit itself, from the answers file of its playbook. The others are files in the same form, with
other texts, ids and times, each with its own last line, written straight into their month's folder.
"""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path

from scale_texts import Text, texts

from careerkit.storage.layout import entry_path

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


def main() -> None:
    count, folder, model = int(sys.argv[1]), sys.argv[2], Path(sys.argv[3])
    made = model.read_text()
    for text in texts(count):
        entry_id = f"{text.begun:%Y%m%dT%H%MZ}-{_random_part(text.number)}"
        path = entry_path(folder, entry_id)
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(_written(made, model.stem, entry_id, text))


def _written(made: str, model_id: str, entry_id: str, text: Text) -> bytes:
    """The model entry with the texts in place of its own: see PLAYBOOK in scale_tools.py."""
    body = made.rpartition("# careerkit sha256 ")[0].replace(model_id, entry_id)
    lines = [_dated(line, text) for line in body.split("\n")]
    body = "\n".join(lines).replace('"MODEL"', '"""\n' + "\n".join(text.lines) + '"""').replace("TITLE", text.title)
    return f"{body}# careerkit sha256 {hashlib.sha256(body.encode()).hexdigest()}\n".encode()


def _dated(line: str, text: Text) -> str:
    key, sign, value = line.partition(" = ")
    return f"{key} = {text.begun.isoformat()}" if key in ("started", "finished", "given") and sign and value else line


def _random_part(number: int) -> str:
    return "".join(ALPHABET[number >> shift & 31] for shift in (25, 20, 15, 10, 5, 0))


if __name__ == "__main__":
    main()

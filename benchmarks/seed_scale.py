"""`seed_scale.py COUNT FOLDER MODEL` fills a journal with entries. Run with the installed careerkit's own Python.

MODEL is the file of an entry that careerkit has written. The others are copies with other texts, ids, times and checksums,
written directly into the folders of their months.
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
            file.write(_render_entry(made, model.stem, entry_id, text))


def _render_entry(made: str, model_id: str, entry_id: str, text: Text) -> bytes:
    """The model entry with another text: see PLAYBOOK in scale_tools.py."""
    body = made.rpartition("# careerkit sha256 ")[0].replace(model_id, entry_id)
    lines = [_set_time(line, text) for line in body.split("\n")]
    body = "\n".join(lines).replace('"MODEL"', '"""\n' + "\n".join(text.lines) + '"""').replace("TITLE", text.title)
    return f"{body}# careerkit sha256 {hashlib.sha256(body.encode()).hexdigest()}\n".encode()


def _set_time(line: str, text: Text) -> str:
    key, sign, value = line.partition(" = ")
    return f"{key} = {text.begun.isoformat()}" if key in ("started", "finished", "given") and sign and value else line


def _random_part(number: int) -> str:
    return "".join(ALPHABET[number >> shift & 31] for shift in (25, 20, 15, 10, 5, 0))


if __name__ == "__main__":
    main()

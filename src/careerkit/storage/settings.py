"""The user's settings in `settings.toml`: validated when read, and changed without losing comments."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from itertools import islice

from careerkit.core.errors import Place, Problem, Refused, find_closest
from careerkit.core.frozen import frozen, get_field_names
from careerkit.core.text import quote_fragment
from careerkit.storage.atomic_write import make_folders, remove_leftovers, replace_file
from careerkit.storage.platform import read_file

MAX_PROBLEMS = 20
"""The most problems with the settings that are reported."""

SUBJECT = "The setting"
BOOLEAN_WORDS = {"true": True, "false": False}
TIME_PATTERN = re.compile("([01][0-9]|2[0-3]):[0-5][0-9]")


@frozen
class Settings:
    """The settings, with their defaults."""

    offer_names: bool = False
    passphrase_in_keyring: bool = False
    editor_when_encrypted: bool = False
    ascii: bool = False
    plain: bool = False
    alarm_time: str = "08:00"


DESCRIPTIONS: Mapping[str, str] = {
    "offer_names": "offer names from earlier entries where a form asks for a person",
    "passphrase_in_keyring": "keep an encrypted journal's passphrase in the system's keyring",
    "editor_when_encrypted": "open your editor for an encrypted journal too; its file is only in memory",
    "ascii": "show ASCII symbols, for terminals that draw others such as ❯ two cells wide",
    "plain": "plain text, line by line, as with --plain",
    "alarm_time": "when calendars remind you of what is due that day",
}


def read_settings(path: str) -> Settings:
    """Read the settings file; the defaults if it doesn't exist. Raises Refused with every problem in it."""
    return _parse_settings(_read_text(path), path)


def write_setting(path: str, key: str, word: str) -> Settings:
    """Set `key` to `word` ("true", "false" or a time such as 08:00) in the file, keeping the rest of it.

    Returns all settings.

    Raises Refused if the key or word is unknown, or if the file is invalid or can't be written.
    """
    from careerkit.storage.entry_files import dumps  # imports tomli-w, which isn't needed for reading

    if problem := _check_key(key):
        raise Refused(problem)
    value = BOOLEAN_WORDS.get(word, word)
    if problem := _check_value(key, value):
        raise Refused(problem)
    before = _read_text(path)
    _parse_settings(before, path)
    after = _replace_line(before, dumps({key: value}).rstrip(), key)
    settings = _parse_settings(after, path)
    make_folders(os.path.dirname(path), subject=SUBJECT)
    remove_leftovers(os.path.dirname(path))
    replace_file(path, after.encode(), subject=SUBJECT)
    return settings


def _read_text(path: str) -> str:
    data = read_file(path)
    if data is None:
        return ""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"The settings are not UTF-8: see byte {error.start}."
        raise Refused(Problem("not-utf8", message, "Save the file as UTF-8.", Place(path))) from None


def _parse_settings(text: str, path: str) -> Settings:
    if not text.strip():
        return Settings()
    from careerkit.core.toml_reader import parse_toml  # most people don't have this file

    try:
        document = parse_toml(text)
    except ValueError as error:
        message = f"The settings are not TOML: {error}."
        raise Refused(Problem("bad-toml", message, "Write one `setting = value` per line.", Place(path))) from None
    found = (_check_key(key) or _check_value(key, value) for key, value in document.items())
    problems = [each.at(Place(path)) for each in islice(filter(None, found), MAX_PROBLEMS)]
    if problems:
        raise Refused(problems)
    return Settings(**document)


def _check_value(key: str, value: object) -> Problem | None:
    if isinstance(getattr(Settings(), key), bool):
        return None if isinstance(value, bool) else _describe_wrong_value(key, value)
    if isinstance(value, str) and TIME_PATTERN.fullmatch(value):
        return None
    message = f"{key} must be a time, not {quote_fragment(str(value))}."
    return Problem("bad-setting", message, "Write it like 08:00.", key)


def _check_key(key: str) -> Problem | None:
    known = get_field_names(Settings())
    if key in known:
        return None
    near = find_closest(key, known)
    hint = f"Did you mean {near}?" if near else f"The settings are {', '.join(known)}."
    return Problem("unknown-setting", f"There is no setting {quote_fragment(key)}.", hint, key)


def _describe_wrong_value(key: str, value: object) -> Problem:
    near = find_closest(value.casefold(), BOOLEAN_WORDS) if isinstance(value, str) else None
    hint = f"Did you mean {near}?" if near else "Write true or false."
    return Problem("bad-setting", f"{key} must be true or false, not {quote_fragment(str(value))}.", hint, key)


def _replace_line(text: str, line: str, key: str) -> str:
    """Replace the line that sets `key`, or append `line` if there is none."""
    changed, count = re.subn(rf"(?m)^[ \t]*{key}[ \t]*=[ \t]*(\w+|\"[^\"\n]*\")", line, text, count=1)
    if count:
        return changed
    return f"{text.rstrip()}\n{line}\n" if text.strip() else f"{line}\n"

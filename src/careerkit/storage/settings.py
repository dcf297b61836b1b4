"""What the person has set, in `settings.toml`: read strictly, written without losing a line that somebody wrote there."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping

from careerkit.core.frozen import fields_of, frozen
from careerkit.core.problem import Place, Problem, Refused, nearest
from careerkit.storage.durable import make_folders, replace
from careerkit.storage.plain_file import read_file
from careerkit.storage.tidying import sweep

WHAT = "The setting"
WORDS = {"true": True, "false": False}


@frozen
class Settings:
    """Each as it is where nothing is set."""

    offer_names: bool = False
    passphrase_in_keyring: bool = False
    editor_when_encrypted: bool = False


MEANINGS: Mapping[str, str] = {
    "offer_names": "offer names from earlier entries where a form asks for a person",
    "passphrase_in_keyring": "keep an encrypted journal's passphrase in the system's keyring",
    "editor_when_encrypted": "open your editor for an encrypted journal too; its file is only in memory",
}


def read_settings(path: str) -> Settings:
    """The settings in the file at `path`; the defaults where there is none. Refused with all that is wrong in it."""
    return _settings(_text(path), path)


def write_setting(path: str, key: str, word: str) -> Settings:
    """Set `key` to what `word` says, for good; gives all settings. Refused where either is not known.

    Comments and the rest of the file stay. A file with something wrong in it is not written.
    """
    if problem := _unknown_key(key):
        raise Refused(problem)
    if word not in WORDS:
        raise Refused(_wrong_value(key, word))
    before = _text(path)
    _settings(before, path)
    after = _with(before, f"{key} = {word}", key)
    settings = _settings(after, path)
    make_folders(os.path.dirname(path), what=WHAT)
    sweep(os.path.dirname(path))
    replace(path, after.encode(), what=WHAT)
    return settings


def _text(path: str) -> str:
    data = read_file(path)
    if data is None:
        return ""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"Byte {error.start} of the settings is not UTF-8."
        raise Refused(Problem("not-utf8", message, "Save the file as UTF-8.", Place(path))) from None


def _settings(text: str, path: str) -> Settings:
    if not text.strip():
        return Settings()
    import tomllib  # most people have no such file

    try:
        given = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # TOML errors, and numbers that are too long for Python
        message = f"The settings are not TOML: {error}."
        raise Refused(Problem("bad-toml", message, "Write one `setting = value` a line.", Place(path))) from None
    found = [_unknown_key(key) or _not_a_flag(key, value) for key, value in given.items()]
    problems = [each.at(Place(path)) for each in found if each]
    if problems:
        raise Refused(problems)
    return Settings(**given)


def _not_a_flag(key: str, value: object) -> Problem | None:
    return None if isinstance(value, bool) else _wrong_value(key, value)


def _unknown_key(key: str) -> Problem | None:
    known = fields_of(Settings())
    if key in known:
        return None
    near = nearest(key, known)
    hint = f"Did you mean {near}?" if near else f"There is: {', '.join(known)}."
    return Problem("unknown-setting", f"There is no setting {key!r}.", hint, key)


def _wrong_value(key: str, value: object) -> Problem:
    near = nearest(value.casefold(), WORDS) if isinstance(value, str) else None
    hint = f"Did you mean {near}?" if near else "Write true or false."
    return Problem("bad-setting", f"{key} is true or false, not {value!r}.", hint, key)


def _with(text: str, line: str, key: str) -> str:
    """`text` with `line` in place of the one that sets `key`, or at its end."""
    changed, count = re.subn(rf"(?m)^[ \t]*{key}[ \t]*=[ \t]*\w+", line, text, count=1)
    if count:
        return changed
    return f"{text.rstrip()}\n{line}\n" if text.strip() else f"{line}\n"

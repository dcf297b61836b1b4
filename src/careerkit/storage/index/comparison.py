"""Whether the index knows every file as it is. A file of an older month that was edited in place escapes it."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from careerkit.core.problem import Refused
from careerkit.storage.index.refresh import Job
from careerkit.storage.month_folders import ENTRY_FILES, EVENT_FILES, files
from careerkit.storage.plain_file import read_file
from careerkit.storage.trailer import digest_by_need

if TYPE_CHECKING:  # perhaps there is none
    from sqlite3 import Connection


def unlike(database: Connection, job: Job) -> int:
    """How many files the index holds otherwise than they are, or not at all, or though they are gone."""
    digest, count = digest_by_need(), 0
    for shelf, query in ((EVENT_FILES, "select id, print from event"), (ENTRY_FILES, "select id, print from entry")):
        known = dict(database.execute(query))
        for path, identity in files(job.journal, shelf, []):
            print_ = ""
            with contextlib.suppress(Refused):
                data = read_file(path)
                print_ = "" if data is None else digest(data)
            count += known.pop(identity, None) != print_
        count += len(known)
    return count

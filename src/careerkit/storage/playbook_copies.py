"""The playbooks that a journal keeps, each once, under the hash of its bytes: what an entry was made with stays to be had."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from careerkit.core.playbook.digest import sha256_of
from careerkit.core.problem import Refused
from careerkit.storage import refusals
from careerkit.storage.durable import make_folders, replace
from careerkit.storage.layout import is_sha256, playbook_path
from careerkit.storage.plain_file import read_file

if TYPE_CHECKING:
    from careerkit.storage.envelope import AgeEnvelope, Envelope


def keep(journal: str, playbook: bytes, sha256: str, envelope: AgeEnvelope) -> None:
    """Keep a copy of the playbook where there is none. Refused where its hash is another one."""
    if sha256_of(playbook) != sha256:
        raise Refused(refusals.playbook_mismatch(sha256))
    path, what = playbook_path(journal, sha256), "The playbook's copy"
    there = read_file(path)
    if there is not None and envelope.may_hold(there, playbook):
        return
    make_folders(os.path.dirname(path), what=what)
    replace(path, envelope.close(playbook), what=what)  # also a damaged one: its name says what it must hold


def kept(journal: str, sha256: str, envelope: Envelope) -> bytes:
    """The bytes that were kept. Refused where they are missing, or others."""
    path = playbook_path(journal, sha256)
    data = read_file(path) if is_sha256(sha256) else None
    if data is None:
        raise Refused(refusals.playbook_missing(sha256))
    source = envelope.open(data, path)
    if sha256_of(source) != sha256:
        raise Refused(refusals.playbook_changed(path))
    return source

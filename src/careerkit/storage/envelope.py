"""How the bytes of a journal's files lie on the disk: as they are, or closed to everybody else."""

from __future__ import annotations

from typing import Protocol


class Envelope(Protocol):
    """What stands between the text of an entry, an event or a playbook's copy and its file's bytes."""

    def close(self, text: bytes) -> bytes:
        """The file's bytes for that text. It asks nothing of anybody."""

    def open(self, data: bytes, path: str) -> bytes:
        """The text in the bytes of the file at `path`; Refused where it can't be had."""


class OpenEnvelope:
    """Everything lies as it is."""

    def close(self, text: bytes) -> bytes:
        return text

    def open(self, data: bytes, path: str) -> bytes:  # noqa: ARG002 - what lies as it is can always be had
        return data

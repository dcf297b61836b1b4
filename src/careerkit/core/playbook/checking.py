"""Everything that is wrong with a playbook, at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from careerkit.core.frozen import frozen
from careerkit.core.playbook.defaults import default_faults
from careerkit.core.playbook.expressions import circle_faults, expression_faults
from careerkit.core.playbook.fault import Fault
from careerkit.core.playbook.forms import form_faults
from careerkit.core.playbook.naming import naming_faults
from careerkit.core.playbook.outcomes import outcome_faults
from careerkit.core.playbook.plain import PlainTable
from careerkit.core.playbook.scanner import Path
from careerkit.core.playbook.shape import MOST_FAULTS, shape_of
from careerkit.core.playbook.sites import TextSite, sites_of
from careerkit.core.playbook.subject import Subject, subject_of
from careerkit.core.playbook.texts import text_faults, wording_faults

FORMAT = 1
"""The one version of the format that there is."""


@frozen
class Checked:
    """`plain` is whole and right only where no fault is an error."""

    plain: PlainTable
    faults: tuple[Fault, ...]


def check(data: Mapping[str, Any], *, broken: Iterable[Path] = ()) -> Checked:
    """Check what tomllib read. `broken` are values that were wrong already and have been replaced."""
    shape = shape_of(data, broken=broken)
    subject = subject_of(shape)
    meant = (fault for fault in _meaning(subject) if not subject.is_broken(*fault.path))
    return Checked(subject.plain, (*shape.faults, *islice(meant, MOST_FAULTS)))


def _meaning(subject: Subject) -> Iterator[Fault]:
    yield from _head_faults(subject)
    yield from naming_faults(subject)
    yield from form_faults(subject)
    yield from default_faults(subject)
    for site in sites_of(subject.document, subject.playbook, subject.kinds, subject.order):
        if isinstance(site, TextSite):
            yield from text_faults(subject, site)
        else:
            yield from expression_faults(subject, site)
    yield from circle_faults(subject)
    yield from outcome_faults(subject)
    yield from wording_faults(subject)


def _head_faults(subject: Subject) -> Iterator[Fault]:
    document = subject.document
    if document.format != FORMAT:
        hint = "Write format = 1, or take a newer careerkit if the playbook needs one."
        yield Fault(
            ("format",), "unknown-format", f"This careerkit reads format {FORMAT}, not {document.format}.", hint
        )
    if document.minutes is not None and not 1 <= document.minutes <= 24 * 60:
        yield Fault(
            ("minutes",), "bad-limit", "`minutes` says how long it takes, about: 1 to 1440.", "Write a whole number."
        )

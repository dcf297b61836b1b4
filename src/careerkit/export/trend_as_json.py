"""One number over time, and which numbers there are, as plain JSON tables."""

from __future__ import annotations

from collections.abc import Iterable

from careerkit.core.journal.trend import Charted, Trend
from careerkit.export.as_json import Json, value_as_json


def trend_as_json(trend: Trend) -> Json:
    """What `journal trend` prints of one number."""
    measure = trend.measure
    return {
        "playbook": trend.playbook,
        "title": trend.title,
        "number": trend.name,
        "label": trend.label,
        "unit": measure.unit,
        "min": value_as_json(measure.low),
        "max": value_as_json(measure.high),
        "points": [
            {
                "entry": point.entry,
                "at": point.at.isoformat(),
                "value": value_as_json(point.value),
                "band": point.band,
                "corrected": point.is_corrected,
            }
            for point in trend.points
        ],
    }


def charted_as_json(numbers: Iterable[Charted]) -> Json:
    """What `journal trend` prints where no number is named."""
    return {
        "numbers": [
            {
                "playbook": each.playbook,
                "title": each.title,
                "number": each.name,
                "label": each.last.label,
                "entries": each.entries,
                "last": value_as_json(each.last.value),
                "band": each.last.band,
            }
            for each in numbers
        ]
    }

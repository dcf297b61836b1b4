"""One number over time as a plain JSON table."""

from __future__ import annotations

from careerkit.core.journal.trend import Trend
from careerkit.export.as_json import Json, value_as_json


def trend_as_json(trend: Trend) -> Json:
    """What `journal trend` prints."""
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

"""Is the journal whole? Everything is looked at, each kind of trouble in a module of its own; nothing is changed."""

from __future__ import annotations

from careerkit.storage.checkup.complaint import Complaint, Found
from careerkit.storage.checkup.examination import examine

__all__ = ["Complaint", "Found", "examine"]

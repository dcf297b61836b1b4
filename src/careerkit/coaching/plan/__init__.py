"""The living plan: changes, check-ins, the agenda, predictions."""

"""Outcomes: findings, drafts, decision analysis and plan."""

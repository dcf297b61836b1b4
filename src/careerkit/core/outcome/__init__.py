"""Answers -> findings, drafts, decision analysis, plan."""

"""The names of careerkit's own commands; no group of playbooks can have one of them."""

from __future__ import annotations

BUILT_IN = {
    "run": ("careerkit.cli.run_playbook", "Go through a playbook, given by its file or id."),
    "resume": ("careerkit.cli.resume", "Go on where you stopped."),
    "journal": ("careerkit.cli.journal", "What you wrote: list, show, note, tag, remove, ..."),
    "plan": ("careerkit.cli.plan", "What you will do: show, export."),
    "playbook": ("careerkit.cli.playbook", "The playbooks themselves: list, show, check."),
    "doctor": ("careerkit.cli.doctor", "Is the journal whole?"),
    "config": ("careerkit.cli.config", "How careerkit behaves for you: show, set, path."),
}
"""By name: the module, and what the list of commands says of it."""

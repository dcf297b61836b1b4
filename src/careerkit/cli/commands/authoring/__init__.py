"""Commands for authors of playbooks: `careerkit playbook new`, `test`, `preview`, `graph`, `sheet` and `schema`."""

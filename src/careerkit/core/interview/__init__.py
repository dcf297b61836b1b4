"""One interview: a playbook and the answers so far determine the next step."""

"""Tools for authors of playbooks: a skeleton, stories, a preview, and a description of the whole flow."""

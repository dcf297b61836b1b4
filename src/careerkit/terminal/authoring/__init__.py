"""Views for authors of playbooks."""

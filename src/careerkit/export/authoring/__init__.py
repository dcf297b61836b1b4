"""A playbook as a graph and as a document, for authors and their colleagues."""

"""Walk a playbook: prove which of its parts can be reached, by what answers, and how long a run is."""

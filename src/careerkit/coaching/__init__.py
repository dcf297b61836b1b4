"""Coaching: sessions, later changes to entries, and the ports that they need."""

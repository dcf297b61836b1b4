"""The order of events: start, resume, finish; and the ports that it needs."""

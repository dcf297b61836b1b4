"""The terminal front end: how the conversation looks, and how keys and typed lines become answers."""

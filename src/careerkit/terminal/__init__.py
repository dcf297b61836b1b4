"""Glass: how the conversation looks, and how typed lines become answers."""

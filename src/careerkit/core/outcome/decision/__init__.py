"""Decision analysis: options compared by weighted criteria."""

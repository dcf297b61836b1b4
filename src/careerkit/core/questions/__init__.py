"""Question types, one module per type: keys, validation, formatting, storage form and expression type."""

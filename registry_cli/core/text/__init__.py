"""Text that is not about models: exact JSON, suggestions, secrets, places in a document."""

"""What models are called: IDs, aliases, other spellings, and the identity that a model has at all providers. Pure."""

"""The plan of a sync: a provider's file, its record and answers of sources -> exact edits, and why. Pure."""

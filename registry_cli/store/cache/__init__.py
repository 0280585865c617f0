"""The cache directory: where it is, which files it has, and what makes a cached answer valid."""

"""The changes between commits, kept in the cache by the ids of the blobs."""

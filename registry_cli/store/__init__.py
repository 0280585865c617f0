"""What llmreg keeps on disk: files written all or none, the catalog, git, the cache, and the databases in it."""

"""Use cases that change provider files: plan, check, write, commit, restore."""

"""Use cases that end in a commit or a pull request."""

"""The sites that keep repositories and their pull requests: what llmreg asks of any, and GitHub's REST API."""

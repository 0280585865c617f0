"""What `validate` reports: findings, the rules (one file each in `rules/`), and the checks that run them."""

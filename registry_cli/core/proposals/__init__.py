"""What a commit and a pull request say: messages, trailers and outcomes."""

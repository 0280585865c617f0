"""The git program and what llmreg asks of it. No other package starts git."""

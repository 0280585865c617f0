"""Which host may receive which key: hosts in one spelling, the hosts that llmreg knows, and the decision."""

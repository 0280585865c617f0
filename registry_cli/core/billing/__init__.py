"""The cost of calls: usage, conditions, rates, and the bill."""

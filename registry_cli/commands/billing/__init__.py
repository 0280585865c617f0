"""The cost of planned and recorded calls, models ranked by cost, and the basis of a bill."""

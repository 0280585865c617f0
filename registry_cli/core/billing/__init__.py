"""What calls cost: what they used, under which conditions, at which rates, and the bill of all of it."""

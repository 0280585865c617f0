"""What calls cost: planned ones, recorded ones, models ranked by it, and what a bill is based on."""

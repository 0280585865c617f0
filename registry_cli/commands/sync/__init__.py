"""Use cases that ask sources or compare what they state: sync, diff, explain, audit, doctor, import."""

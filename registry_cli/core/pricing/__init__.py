"""Price lists: rates, the conditions under which they hold, and how lists of several sources are merged."""

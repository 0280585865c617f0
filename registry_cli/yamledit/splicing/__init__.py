"""How an edit becomes splices of a text: which lines and comments belong to an entry, and what is shared."""

"""What an edit changes: operations between two bodies, values as people write them, and the commit message. Pure."""

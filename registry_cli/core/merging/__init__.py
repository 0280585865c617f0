"""What the statements of all sources about one model come to: field by field, the source that is believed. Pure."""

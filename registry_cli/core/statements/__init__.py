"""What sources state: their answers in the catalog's words, and the record of what each last stated. Pure."""

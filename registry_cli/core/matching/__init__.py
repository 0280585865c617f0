"""Which models of a provider's file the answers of sources are about, and what a person should see first. Pure."""

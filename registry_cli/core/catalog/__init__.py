"""What a catalog is: its models and providers as frozen types, how they are built from YAML, and their fields."""

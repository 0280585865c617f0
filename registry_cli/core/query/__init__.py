"""What a query asks for and how it is answered in memory: filters, columns, order and tables."""

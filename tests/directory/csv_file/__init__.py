"""The CSV file as the directory's source."""

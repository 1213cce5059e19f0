"""A CSV file as the directory's source, in place of Vonage (`DIRECTORY_CSV`)."""

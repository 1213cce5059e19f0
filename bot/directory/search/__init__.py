"""Search by name: normalization, terms, full-text index, vocabulary and ranking."""

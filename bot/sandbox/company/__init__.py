"""The invented company: its people, names, numbers and offices."""

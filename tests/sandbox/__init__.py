"""Tests of the stand-ins. They have to be right, because other tests rely on them."""

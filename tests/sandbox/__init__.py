"""Tests of the stand-ins: they must be true, or what is tested against them is not."""

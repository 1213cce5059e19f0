"""The figures: how fast and how small Ext is, against something standard in the same run.

    make bench                    all of them
    make bench ARGS="warm cold"   some

A machine is busy now and idle then, so the variants take turns for several rounds, and what is
compared is what was measured in one round. Nothing here is asserted by the test suite.

A further figure is one more file with a `measure`, named in `figures.py`.
"""

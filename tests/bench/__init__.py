"""The figures: how fast and how small Ext is, compared with something standard in the same run.

    make bench                    all of them
    make bench ARGS="warm cold"   some

A machine is busy at one moment and idle at the next. So the variants take turns for several rounds,
and only values of the same round are compared. The test suite asserts none of these figures.

To add a figure, write one more file with a `measure` function and name it in `figures.py`.
"""

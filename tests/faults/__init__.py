"""The fault matrix: what people see for each fault of Vonage and of Slack, and its recovery.

The tests run every cell and compare it with docs/faults.md; `python -m tests.faults` writes it.
"""

"""The soak: the bot under mixed traffic for half an hour, while faults come and go.

    make soak                       30 minutes
    make soak ARGS="--minutes 2"    the short form, which CI runs

`serve` runs as a process of its own, between the fake Vonage API and the stand-in for Slack. People
look up, share, press buttons and make typos; strangers send forged requests; the company changes;
Vonage and Slack fail in many ways, one after another. Every answer is compared with what the fake
company says at that time.

`report.rule_text` states the rule that the run must keep, `rule.py` its arithmetic. It has no time
that is tighter than Slack's, so that a busy machine breaks it no sooner than an idle one.
"""

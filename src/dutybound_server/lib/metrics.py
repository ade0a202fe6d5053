"""What is counted while it happens; the same counters in every process of the installation.

prometheus_client keeps them in files that all processes share (project/counters.py), so that one
scrape of any process adds all of them up. Labels stay few: services, outcomes, routes, duties,
never a person or an item.
"""

from prometheus_client import Counter, Histogram

VERDICTS = Counter(
    "dutybound_verdicts", "Verdicts given, by service and outcome.", ["service", "outcome"]
)
VERDICT_SECONDS = Histogram(
    "dutybound_verdict_seconds",
    "Time from a received item to its stored verdict.",
    ["service"],
    buckets=(0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10),
)
REQUEST_SECONDS = Histogram(
    "dutybound_request_seconds",
    "Time to answer a request, by method, route and status.",
    ["method", "route", "status"],
    buckets=(0.005, 0.02, 0.1, 0.5, 2, 10),
)
DUTY_DONE = Counter("dutybound_duty_done", "Things the worker did, by duty.", ["duty"])
DUTY_FAILED = Counter("dutybound_duty_failed", "Rounds of a duty that failed.", ["duty"])

"""Evaluation: suites of requests, put to backends, judged and compared."""

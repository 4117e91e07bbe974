"""Spreads a suite over a Ray cluster; each worker opens its own trial.

Ray (https://docs.ray.io) starts processes on this machine, or reaches the cluster of an
address. A case goes to whoever is free; verdicts come back in the suite's order. Its
reports of use are turned off: nothing of a run is told to anybody.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from typing import Any
from urllib.parse import urlsplit

from agentkit.errors import BackendUnavailable, ConfigError, MissingPackage
from agentkit.evaluation.suite import EvalCase
from agentkit.evaluation.trial import Trial
from agentkit.evaluation.verdicts import CaseVerdict
from agentkit.privacy.gate import Gate

# Of the machine where the cluster is started here; one that is reached has its own.
_HERE = "127.0.0.1"
# Ray's own, for clients (docs.ray.io, "Ray Client").
_PORT = 10001
_SECONDS = 10.0


class _Worker:
    """The trial of one process."""

    def __init__(self, opened: Callable[[], Trial]) -> None:
        self._trial = opened()

    def verdict(self, case: EvalCase) -> CaseVerdict:
        """Put one case to the backend."""
        (verdict,) = self._trial.verdicts([case])
        return verdict


def _asked(worker: Any, case: EvalCase) -> Any:
    """Hand a case to a worker, and return the future of its verdict."""
    return worker.verdict.remote(case)


def spread(
    opened: Callable[[], Trial],
    cases: Sequence[EvalCase],
    *,
    workers: int = 2,
    address: str = "",
    gate: Gate | None = None,
) -> Iterator[CaseVerdict]:
    """Put cases to as many trials as there are workers.

    Args:
        opened: makes the trial, in each worker; it and what it holds can be pickled.
            On a cluster of several machines, the home and the model lie at the same
            places on each.
        cases: what is put.
        workers: how many processes.
        address: of a cluster, such as `ray://head:10001`; one on this machine when
            empty.
        gate: asked before the cases are handed to a cluster that is named.

    Raises:
        MissingPackage: ray is not installed.
        ConfigError: fewer than one worker, or a cluster without a gate.
        EgressDenied: the cases may not go there.
        BackendUnavailable: the cluster cannot be reached, or a worker ended.
    """
    if find_spec("ray") is None:
        raise MissingPackage("ray", "ray", "Spreading a suite")
    if workers < 1:
        raise ConfigError(f"workers must be 1 or more, not {workers}")
    if address:
        if gate is None:
            raise ConfigError("the cases leave this process through a gate: give one")
        # All in one question, before anything starts: requests may be what users really
        # said.
        gate.release(address, "\n".join(case.request for case in cases))
    with _cluster(address, workers) as ray:
        pools: Any = import_module("ray.util")
        actor = ray.remote(num_cpus=1)(_Worker)
        pool = pools.ActorPool([actor.remote(opened) for _ in range(workers)])
        try:
            yield from pool.map(_asked, cases)
        except ray.exceptions.RayTaskError as exc:
            # The error as the worker raised it: callers know BackendError, and not
            # Ray's.
            raise exc.cause from exc
        except ray.exceptions.RayError as exc:
            why = str(exc).strip().partition("\n")[0]
            raise BackendUnavailable(f"a worker of the cluster ended: {why}") from exc


def _require_answer(address: str) -> None:
    """Refuse an address where nobody listens: Ray itself would try for two minutes."""
    place = urlsplit(address if "//" in address else f"//{address}")
    try:
        reached = (place.hostname or "", place.port or _PORT)
        socket.create_connection(reached, _SECONDS).close()
    except (OSError, ValueError) as exc:
        raise BackendUnavailable(f"no Ray cluster on {address}: {exc}") from exc


@contextmanager
def _cluster(address: str, workers: int) -> Generator[Any]:
    """Start or reach a cluster, and leave it as it was."""
    # Before Ray starts, which reads it.
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    ray: Any = import_module("ray")
    options: dict[str, Any] = {"address": address}
    if not address:
        options = {
            "num_cpus": workers,
            # It would open a port that anybody on this machine can use.
            "include_dashboard": False,
            "_node_ip_address": _HERE,
        }
    else:
        _require_answer(address)
    try:
        # Standard output is the report's, which `--json` writes for programs.
        ray.init(log_to_driver=False, logging_level="ERROR", **options)
    except (ConnectionError, RuntimeError, ValueError) as exc:
        why = str(exc).strip().partition("\n")[0]
        where = address or "this machine"
        raise BackendUnavailable(f"no Ray cluster on {where}: {why}") from exc
    try:
        yield ray
    finally:
        ray.shutdown()

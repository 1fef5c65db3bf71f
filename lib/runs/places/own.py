"""A scheduler in this process and workers of this machine, each a process that knows nothing of this one."""

import logging
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import dask
from distributed import LocalCluster, Security

from lib.runs.places.trust import NAMES, make_certificates
from lib.training.machine import ALL_CORES

_ROOT = Path(__file__).parents[3]
_WORKER = "import sys; from distributed.cli.dask_worker import main; main()"
_ORPHANED_SECONDS = "15"  # after which a worker ends that nobody talks to
_END_SECONDS = 10.0
_ANY_PORT = "127.0.0.1:0"  # of the scheduler's plain web server: the usual one may be another cluster's


class Own:
    """Started by the ordinary command: a process that Python copies from this one would run a page of Streamlit's.

    The certificates live as long as this does.
    """

    def __init__(self, workers: int) -> None:
        self._folder = TemporaryDirectory(prefix="glasshouse-cluster-")
        folder = Path(self._folder.name)
        make_certificates(folder)
        # For good: the silence that the cluster itself offers ends with it, while its last connections still close.
        logging.getLogger("distributed").setLevel(logging.CRITICAL)
        try:
            with dask.config.set({"distributed.scheduler.http.routes": []}):  # no pages about what trains
                self.cluster = LocalCluster(
                    n_workers=0, dashboard_address=None, silence_logs=False, security=security_with(folder),
                    protocol="tls://", host="127.0.0.1", scheduler_kwargs={"dashboard_address": _ANY_PORT},
                )  # fmt: skip
        except BaseException:
            self._folder.cleanup()
            raise
        authority, shown, key = (str(folder / name) for name in NAMES)
        options = [self.cluster.scheduler_address, "--nthreads", "1", "--memory-limit", "0", "--no-dashboard", "--host",
                   "127.0.0.1", "--death-timeout", _ORPHANED_SECONDS, "--local-directory", str(folder),
                   "--tls-ca-file", authority, "--tls-cert", shown, "--tls-key", key]  # fmt: skip
        path = os.pathsep.join(filter(None, (str(_ROOT), os.environ.get("PYTHONPATH"))))
        environment = os.environ | {"PYTHONPATH": path, "OMP_NUM_THREADS": str(ALL_CORES)}
        self._workers = [
            subprocess.Popen(
                [sys.executable, "-c", _WORKER, *options, "--name", str(number + 1)],
                cwd=Path.cwd(), env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )
            for number in range(workers)
        ]  # fmt: skip

    def close(self) -> None:
        """End the workers, by their ids, and the scheduler."""
        for worker in self._workers:
            worker.terminate()
        with suppress(Exception):
            self.cluster.close(timeout=_END_SECONDS)
        for worker in self._workers:
            with suppress(subprocess.TimeoutExpired):
                worker.wait(_END_SECONDS)
            worker.kill()
            worker.wait()
        self._folder.cleanup()


def security_with(folder: Path) -> Security:
    """Show the certificates of a folder, and ask everybody for one of the same authority."""
    authority, shown, key = (str(folder / name) for name in NAMES)
    return Security(
        require_encryption=True, tls_ca_file=authority, tls_client_cert=shown, tls_client_key=key,
        tls_scheduler_cert=shown, tls_scheduler_key=key, tls_worker_cert=shown, tls_worker_key=key,
    )  # fmt: skip

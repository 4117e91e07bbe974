"""A Dockerfile's own steps in a bare Debian root, where there is no registry of images.

What stands for the base image is Debian with its Python, of the release and from the
mirror that this machine's own package sources name. Layers, the cache and the base
image itself are not covered. It takes root, and namespaces of its own for what it mounts.
"""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from tests.container.dockerfile import Instruction, Stage, is_left_out

PACKAGES = "ca-certificates,python3,python3-venv,python-is-python3"
_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_CERTIFICATES = Path("etc/ssl/certs/ca-certificates.crt")
# A private network has no loopback until it is set up (SIOCSIFFLAGS, IFF_UP).
_LOOPBACK = (
    "import fcntl, socket, struct;"
    "fcntl.ioctl(socket.socket(), 0x8914, struct.pack('16sH14x', b'lo', 1))"
)


@dataclass(frozen=True)
class Image:
    """What was built: a root, and what is to run in it."""

    root: Path
    variables: dict[str, str] = field(default_factory=lambda: {"PATH": _PATH})
    user: str = "0"
    folder: str = "/"
    volumes: tuple[str, ...] = ()
    health: tuple[str, ...] = ()
    entrypoint: tuple[str, ...] = ()
    command: tuple[str, ...] = ()

    def entered(self, *words: str, **more: str) -> list[str]:
        """Return the command that runs words in the root as the image's user."""
        group = self._group()
        values = self.variables | more
        rights = ["--bounding-set=-all", "--no-new-privs"] if self.user != "0" else []
        return [
            "chroot", str(self.root),
            "setpriv", f"--reuid={self.user}", f"--regid={group}", "--clear-groups",
            *rights,
            "env", "-i", f"--chdir={self.folder}",
            *(f"{name}={value}" for name, value in values.items()),
            *words,
        ]  # fmt: skip

    def _group(self) -> str:
        rows = (self.root / "etc" / "passwd").read_text("utf-8").splitlines()
        fields = [row.split(":") for row in rows]
        return next((row[3] for row in fields if row[2] == self.user), "0")


def mirror() -> tuple[str, str]:
    """Return the first Debian mirror of this machine's package sources, and its release."""
    told = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(REPO_URI) $(CODENAME) $(COMPONENT)",
         "Created-By: Packages", "Origin: Debian"],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    for row in told.splitlines():
        address, release, component = row.split()
        if component == "main" and "-" not in release:
            return address, release
    raise LookupError("no package source of this machine is Debian's main archive")


def make_base(root: Path) -> Image:
    """Make the root that stands for the base image."""
    address, release = mirror()
    subprocess.run(
        ["debootstrap", "--variant=minbase", f"--include={PACKAGES}",
         release, str(root), address],
        check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    # As container programs do it: names are looked up as on this machine.
    for path in (Path("etc/resolv.conf"), _CERTIFICATES):
        shutil.copyfile(Path("/") / path, root / path)
    return Image(root)


class Builder:
    """Builds a stage and those that it needs.

    Args:
        stages: all of the Dockerfile.
        context: the folder that COPY copies from.
        base: what stands for every base image that is no stage.
        place: where roots are made.
    """

    def __init__(
        self, stages: list[Stage], context: Path, base: Image, place: Path
    ) -> None:
        self._stages = {stage.name: stage for stage in stages}
        self._context = context
        self._base = base
        self._place = place
        self._built: dict[str, Image] = {}

    def build(self, name: str) -> Image:
        """Return the image of a stage, made at its first use."""
        if name not in self._built:
            stage = self._stages[name]
            before = (
                self.build(stage.base) if stage.base in self._stages else self._base
            )
            root = self._place / name
            subprocess.run(["cp", "-a", str(before.root), str(root)], check=True)
            image = replace(before, root=root)
            for step in stage.steps:
                image = self._after(image, step)
            self._built[name] = image
        return self._built[name]

    def _after(self, image: Image, step: Instruction) -> Image:
        match step.word:
            case "ENV":
                known = image.variables
                return replace(image, variables=known | step.pairs(known))
            case "USER":
                return replace(image, user=step.text)
            case "WORKDIR":
                (image.root / step.text.lstrip("/")).mkdir(parents=True, exist_ok=True)
                return replace(image, folder=step.text)
            case "VOLUME":
                return replace(image, volumes=tuple(step.words()))
            case "HEALTHCHECK":
                asked = Instruction("CMD", step.text.removeprefix("CMD "))
                return replace(image, health=tuple(asked.words()))
            case "ENTRYPOINT":
                return replace(image, entrypoint=tuple(step.words()))
            case "CMD":
                return replace(image, command=tuple(step.words()))
            case "RUN":
                _run(image, step)
            case "COPY":
                self._copy(image, step)
            case _:
                pass  # EXPOSE changes nothing
        return image

    def _copy(self, image: Image, step: Instruction) -> None:
        *sources, target = step.text.split()
        place = image.root / (Path(image.folder) / target).as_posix().lstrip("/")
        if "from" in step.options:
            other = self.build(step.options["from"]).root
            for source in sources:
                subprocess.run(
                    ["cp", "-aT", str(other / source.lstrip("/")), str(place)],
                    check=True,
                )
            return
        patterns = (self._context / ".dockerignore").read_text("utf-8").split()

        def left_out(folder: str, names: list[str]) -> list[str]:
            inside = Path(folder).relative_to(self._context)
            return [name for name in names if is_left_out(inside / name, patterns)]

        for source in sources:
            shutil.copytree(
                self._context / source, place, ignore=left_out, dirs_exist_ok=True
            )


def _run(image: Image, step: Instruction) -> None:
    """Run a RUN step, with the network of this machine.

    Raises:
        RuntimeError: it fails; the message has its last lines.
    """
    proc = image.root / "proc"
    done = subprocess.run(
        ["unshare", "--mount", "--pid", "--fork", "--kill-child",
         f"--mount-proc={proc}",
         *image.entered(*step.words(), PIP_CERT=f"/{_CERTIFICATES}")],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"RUN {step.text}\n{done.stdout[-3000:]}")


class Running:
    """A container that runs: read-only but for its volumes, with a network of its own."""

    def __init__(self, image: Image, process: subprocess.Popen[bytes]) -> None:
        self._image = image
        self._process = process

    def asked(self, *words: str, **variables: str) -> str:
        """Run words beside it, as its user; return what they print.

        Raises:
            CalledProcessError: they fail.
        """
        inside = ["nsenter", f"--target={self._process.pid}", "--mount", "--net"]
        return subprocess.run(
            [*inside, *self._image.entered(*words, **variables)],
            capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip

    def until_healthy(self, tries: int = 600) -> None:
        """Wait until the image's own health check passes.

        Raises:
            RuntimeError: it ended, or was never healthy.
        """
        for _ in range(tries):
            if self._process.poll() is not None:
                break
            try:
                self.asked(*self._image.health)
                return
            except subprocess.CalledProcessError:
                time.sleep(0.2)
        raise RuntimeError("the container is not healthy")

    def end(self) -> None:
        """Ask its first process to end, as `docker stop` does, and wait for it.

        Raises:
            TimeoutExpired: it does not.
        """
        # What made its namespaces heeds no such signal.
        around = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children")
        for first in around.read_text().split():
            os.kill(int(first), signal.SIGTERM)
        self._process.wait(timeout=300)


@contextmanager
def running(image: Image, place: Path, **variables: str) -> Generator[Running]:
    """Run the image's own command meanwhile, as `docker run --read-only` does."""
    root = shlex.quote(str(image.root))
    mounts = [
        f"mount --bind {root} {root}",
        f"mount -o remount,ro,bind {root}",
        f"mount -t proc proc {root}/proc",
        f"mount -t tmpfs tmpfs {root}/tmp",
    ]
    for number, volume in enumerate(image.volumes):
        kept, inside = place / f"volume{number}", image.root / volume.lstrip("/")
        # A new volume begins as the image has the folder.
        subprocess.run(["cp", "-aT", str(inside), str(kept)], check=True)
        mounts.append(
            f"mount --bind {shlex.quote(str(kept))} {shlex.quote(str(inside))}"
        )
    own = image.entered(*image.entrypoint, *image.command, **variables)
    loopback = shlex.join([sys.executable, "-c", _LOOPBACK])
    script = "\n".join(["set -e", *mounts, loopback, f"exec {shlex.join(own)}"])
    process = subprocess.Popen(
        ["unshare", "--mount", "--net", "--pid", "--fork", "--kill-child",
         "sh", "-c", script],
    )  # fmt: skip
    container = Running(image, process)
    try:
        yield container
        container.end()
    finally:
        process.kill()
        process.wait()

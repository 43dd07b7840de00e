"""One process owns a data folder: a lock that the kernel lets go when its holder ends, however it ends."""

import errno
import fcntl
import os
from pathlib import Path

from service.decision_log import LogRefused

LOCK_FILE = "tongxing.lock"
_LONGEST_PID = 32


class FolderLock:
    """The data folder, made if need be and held until `release`; LogRefused says who holds it or what is wrong."""

    def __init__(self, folder: Path) -> None:
        self._file = _opened(folder)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            holder = os.pread(self._file, _LONGEST_PID, 0).decode("ascii", "replace").strip() or "unknown"
            os.close(self._file)
            if error.errno not in (errno.EWOULDBLOCK, errno.EACCES):
                raise LogRefused(
                    f"data folder {folder}: its file system cannot lock files: {error.strerror}"
                ) from error
            raise LogRefused(
                f"data folder {folder} is in use by another Tongxing (process {holder}). One process owns a data "
                "folder: stop that one first, or give this one a folder of its own with --data"
            ) from error
        os.ftruncate(self._file, 0)
        os.pwrite(self._file, f"{os.getpid()}\n".encode(), 0)

    def release(self) -> None:
        # The file stays: removing it would let two processes hold locks on two files of one name.
        os.close(self._file)


def _opened(folder: Path) -> int:
    """The lock file, open for writing: proof that the folder is one and can be written to."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        # mkdir says "exists" of anything that is there and is no folder.
        why = "it is not a folder" if isinstance(error, FileExistsError) else error.strerror
        raise LogRefused(f"data folder {folder} cannot be made: {why}. Give another one with --data") from error
    try:
        return os.open(folder / LOCK_FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise LogRefused(
            f"data folder {folder} cannot be written to: {error.strerror}. Every decision is kept there before it is "
            "answered; change its permissions or give another folder with --data"
        ) from error

"""The data folder: made for one process, and refused with words that say what to do."""

import os
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from service.decision_log import LogRefused
from service.storage import open_decision_log
from service.storage.lock import LOCK_FILE
from tests.support.command import ROOT, environment


def test_the_folder_is_made_for_its_owner_alone(tmp_path):
    folder = tmp_path / "deep" / "data"
    open_decision_log(folder).close()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_second_owner_is_told_who_holds_it(tmp_path):
    log = open_decision_log(tmp_path)
    with pytest.raises(LogRefused, match=rf"in use by another Tongxing \(process {os.getpid()}\).*--data"):
        open_decision_log(tmp_path)
    log.close()
    open_decision_log(tmp_path).close()


def test_a_second_process_is_refused(tmp_path):
    log = open_decision_log(tmp_path)
    script = "import sys; from pathlib import Path; from service.storage import open_decision_log\n"
    script += "open_decision_log(Path(sys.argv[1]))"
    command = [sys.executable, "-c", script, str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, env=environment(), capture_output=True, text=True, check=False)
    log.close()
    assert done.returncode == 1
    assert f"in use by another Tongxing (process {os.getpid()})" in done.stderr


def test_a_file_is_no_folder(tmp_path):
    (tmp_path / "data").touch()
    with pytest.raises(LogRefused, match="cannot be made: it is not a folder"):
        open_decision_log(tmp_path / "data")


def test_a_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(LogRefused, match="cannot be made: Not a directory"):
        open_decision_log(tmp_path / "file" / "data")


def test_a_folder_that_is_read_only():
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        folder.chmod(0o555)
        mine = os.geteuid()
        if mine == 0:
            # Root may write everywhere; nobody may not.
            os.seteuid(65534)
        try:
            with pytest.raises(LogRefused, match="cannot be written to: Permission denied"):
                open_decision_log(folder)
        finally:
            os.seteuid(mine)
            folder.chmod(0o700)
        assert not (folder / LOCK_FILE).exists()

"""`tongxing serve` as a process: what it says, what it keeps, whom it refuses, and how it ends."""

import json
import re
import signal
import socket
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from service.storage import open_decision_log
from tests.support.command import COMMAND, ROOT, environment, tongxing

# A proxy of the machine has no business with its own loopback.
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Served:
    """A service that has printed its banner, and so is listening."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.banner = ""
        for line in process.stdout:
            self.banner += line
            if "curl" in line:
                break
        else:
            raise AssertionError(f"no banner, but: {process.stderr.read()}")
        self.address = re.search(r"(http://\S+)/docs", self.banner)[1]

    def get(self, path: str, body: object = None) -> dict[str, object]:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.address + path, data, {"Content-Type": "application/json"})
        with OPENER.open(request) as response:
            return json.load(response)

    def end(self, number: int) -> tuple[int, str]:
        """Its exit code and what it wrote to stderr."""
        self.process.send_signal(number)
        _, errors = self.process.communicate()
        return self.process.returncode, errors


@contextmanager
def served(*arguments: object, **more: str) -> Iterator[Served]:
    command = [*COMMAND, "serve", "--port", "0", *map(str, arguments)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, "encoding": "utf-8"}
    process = subprocess.Popen(command, cwd=ROOT, env=environment(**more), **pipes)
    try:
        yield Served(process)
    finally:
        process.kill()
        process.communicate()


def test_the_life_of_a_service(tmp_path):
    data = tmp_path / "data"
    with served("--data", data) as service:
        banner = service.banner
        assert banner.startswith("Tongxing 通行 0.1.0\n")
        for said in ("沈阳 Shenyang", "大连 Dalian", "sy-2021  ", "dl-2024  ", "示范 illustrative, not law", str(data)):
            assert said in banner
        assert "深圳 Shenzhen" in banner
        assert re.search(r"sy-priority-classes +示范 illustrative, not law", banner)
        assert re.search(r"cn-\S+, 2018-01-01 to 2026-12-31", banner)
        assert "OPEN" not in banner
        to_open = (
            "/v1/zones/sy-second-ring/access?plate=辽A5K268&vehicle_type=轻型厢式货车&emission_stage=国五&energy=柴油"
        )
        assert f"{service.address}{to_open}&at=08:12" in banner

        # The question in the banner is answered as it stands, and had been kept when its answer came.
        question = json.loads(re.search(r"-d '(.*)'", banner)[1])
        answer = service.get("/v1/decisions", question)
        assert answer["verdict"] == "prohibited"
        assert service.get(f"/v1/decisions/{answer['id']}") == answer

        second = tongxing("serve", "--port", "0", "--data", data)
        assert second.returncode == 1
        assert f"in use by another Tongxing (process {service.process.pid})" in second.stderr
        port = service.address.rsplit(":", 1)[1]
        third = tongxing("serve", "--port", port, "--data", tmp_path / "other")
        assert third.returncode == 1
        assert f"port {port} of 127.0.0.1 is in use" in third.stderr

        code, errors = service.end(signal.SIGTERM)
    assert code == 0
    assert "Traceback" not in errors
    assert "辽" not in errors
    log = open_decision_log(data)
    kept = log.find(str(answer["id"]))
    log.close()
    assert kept.answered == answer
    assert kept.digest == answer["publication"]["digest"]
    assert kept.asked["vehicle"] == question["vehicle"]


def test_the_question_to_paste_can_be_pasted(tmp_path):
    """The line of the banner, given to a shell with a `curl` of our own that prints its arguments."""
    with served("--data", tmp_path / "data") as service:
        line = next(line for line in service.banner.splitlines() if "curl" in line)
        show = 'curl() { for each in "$@"; do printf \'%s\\n\' "$each"; done; }\n'
        shell = subprocess.run(["sh", "-c", show + line], capture_output=True, text=True, check=True, encoding="utf-8")
    assert shell.stdout.splitlines()[:4] == [
        *("-s", f"{service.address}/v1/decisions", "-H", "Content-Type: application/json"),
    ]
    assert json.loads(shell.stdout.splitlines()[-1])["place"] == {"zone": "sy-second-ring"}


def test_ctrl_c_ends_it_cleanly(tmp_path):
    with served("--data", tmp_path / "data") as service:
        code, errors = service.end(signal.SIGINT)
    assert (code, "Traceback" in errors) == (0, False)


def test_open_to_others_it_says_so_and_leaves_illustrative_notices_out(tmp_path):
    with served("--data", tmp_path / "data", "--host", "0.0.0.0", TONGXING_OPEN="1") as service:
        assert "TONGXING_OPEN=1, listening on 0.0.0.0" in service.banner
        assert "sy-priority-classes" not in service.banner
        assert "not loaded 未加载" in service.banner
        assert service.address.startswith("http://127.0.0.1:")
        about = service.get("/v1/about")
        assert [each["city"] for each in about["publications"] if each["illustrative"]] == []


def test_illustrative_notices_are_loaded_elsewhere_when_asked_for(tmp_path):
    flags = ("--data", tmp_path / "data", "--host", "0.0.0.0", "--illustrative")
    with served(*flags, TONGXING_OPEN="1") as service:
        assert "sy-priority-classes" in service.banner


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "tongxing.example"])
def test_it_refuses_to_listen_to_others_without_being_told(tmp_path, host):
    done = tongxing("serve", "--host", host, "--data", tmp_path / "data", "--port", "0")
    assert (done.returncode, done.stdout) == (2, "")
    assert f"refusing to listen on {host}: this version knows no keys" in done.stderr
    assert "TONGXING_OPEN=1" in done.stderr
    assert not (tmp_path / "data").exists()


def test_an_address_of_another_machine(tmp_path):
    done = tongxing("serve", "--host", "192.0.2.1", "--port", "0", "--data", tmp_path / "data", TONGXING_OPEN="1")
    assert done.returncode == 1
    assert "cannot listen on port 0 of 192.0.2.1: " in done.stderr


def test_a_data_folder_that_is_a_file(tmp_path):
    (tmp_path / "data").touch()
    done = tongxing("serve", "--port", "0", "--data", tmp_path / "data")
    assert done.returncode == 1
    assert "cannot be made: it is not a folder" in done.stderr


def test_a_slow_client_does_not_keep_it_alive(tmp_path):
    """Half a body holds a request open; told to stop, the service cuts it and ends."""
    with served("--data", tmp_path / "data") as service:
        host, port = service.address.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port))) as client:
            head = f"POST /v1/decisions HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n"
            client.sendall(f"{head}Content-Length: 100\r\nExpect: 100-continue\r\n\r\n".encode())
            # The service asks for the rest, so it has begun to wait for it.
            assert client.recv(1024).startswith(b"HTTP/1.1 100")
            code, _ = service.end(signal.SIGTERM)
    assert code == 0

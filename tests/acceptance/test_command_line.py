"""The command line around a running system."""

import json
import signal
import subprocess
import sys
from datetime import UTC, datetime
from typing import Any

import pytest

from showfloor.embedded.postgres import Postgres
from showfloor.testing.system import PATIENCE, Rest, System, soon


def test_a_second_start_says_that_it_already_runs(system: System, api: Rest) -> None:
    told = system.cli("up", "--no-demo", "--detach").stdout
    assert "already running" in told
    assert system.url in told
    assert api.get("/me")


def test_status_tells_what_every_moving_part_lags(system: System, api: Rest) -> None:
    told = system.cli("status").stdout
    for word in ("postgres", "nats", "session", "events", "gateway", "supervisor"):
        assert word in told
    lines = [line.split() for line in told.splitlines()]
    kinds = {line[1] for line in lines if len(line) > 5 and line[0] in ("session", "events", "gateway")}
    assert {"view", "relay", "subscription", "fold"} <= kinds, told
    assert all("failed" not in line for line in lines), told


def test_the_doctor_finds_nothing_broken(system: System, api: Rest) -> None:
    assert "0 broken" in system.cli("doctor").stdout


def test_jetstream_is_filled_again_while_people_sell(system: System, host: Any) -> None:
    before = host.live("Before")
    told = system.cli("nats", "rebuild").stdout
    proofs = {line.partition(":")[0]: line for line in told.splitlines() if "in the stream" in line}
    assert proofs.keys() == {"session", "events", "gateway"}
    for service, proof in proofs.items():
        in_log, in_stream = (int(word) for word in proof.split() if word.isdigit())
        assert in_log == in_stream
        assert in_stream > 0 or service == "events"  # in which nobody may have planned anything
    before.post("end")  # the gateway hears of this through the new stream, after it skipped what it had handled
    soon(lambda: before.id not in on_air(system))
    host.live("After").post("end")
    assert before.id not in on_air(system)


def test_what_could_not_be_handled_is_shown_and_handled_again(system: System, host: Any) -> None:
    postgres = Postgres(system.folder)
    postgres.query("ALTER TABLE live_now RENAME TO away", database="gateway")
    try:
        live = host.live("Set aside")
        soon(lambda: "WentLive" in system.cli("dead-letters").stdout)
        assert "dead letters, the first" in system.cli("doctor", check=False).stdout
        assert "could not be handled again" in system.cli("dead-letters", "--replay", check=False).stderr
    finally:
        postgres.query("ALTER TABLE away RENAME TO live_now", database="gateway")
    assert "WentLive" in system.cli("dead-letters", "--replay").stdout
    assert live.id in on_air(system)
    assert system.cli("dead-letters").stdout == "there is no dead letter\n"
    live.post("end")


def test_the_next_player_ends_the_live_of_a_killed_one(system: System, api: Rest) -> None:
    words = system.words("replay", "--demo", "--shop", "Demo killed")
    killed = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=system.env)

    def left_running() -> list[Any]:
        rows = api.get("/sessions", states="live", metrics="comments")["sessions"]
        mine = [one for one in rows if one["session"]["shop_id"] == shop_of(api, "Demo killed")]
        return [one["session"] for one in mine if any(reading.get("value") for reading in one["readings"])]

    try:
        (left,) = soon(left_running)
    finally:
        killed.kill()
        killed.wait()
    dead = datetime.now(UTC)
    assert api.get(f"/sessions/{left['session_id']}")["session"]["state"] == "live"
    playing = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=system.env)
    try:
        ended = soon(lambda: api.get(f"/sessions/{left['session_id']}")["session"], lambda one: one["state"] == "ended")
        (running,) = soon(left_running)
    finally:
        playing.send_signal(signal.SIGTERM)
        playing.wait()
    assert running["session_id"] != left["session_id"]
    start, end = (datetime.fromisoformat(ended[name]) for name in ("start_time", "end_time"))
    assert start < end <= dead


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_replay_that_is_broken_off_leaves_no_live_behind(system: System, api: Rest, number: signal.Signals) -> None:
    words = system.words("replay", "--demo", "--shop", f"Demo {number}")
    playing = subprocess.Popen(words, env=system.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        (session,) = soon(lambda: [one for one in sessions(api) if one["shop_id"] == shop_of(api, f"Demo {number}")])
        soon(lambda: session["session_id"] in on_air(system))
        playing.send_signal(number)
        told, problems = playing.communicate(timeout=PATIENCE)
        assert "Broken off: the LIVE was ended where it was." in told
        assert (playing.returncode, "Traceback" in problems) == (130, False)
        soon(lambda: session["session_id"] not in on_air(system))
        assert api.get(f"/sessions/{session['session_id']}")["session"]["state"] == "ended"
    finally:
        playing.kill()


def sessions(api: Rest) -> list[dict[str, Any]]:
    return [row["session"] for row in api.get("/sessions", page_size=50)["sessions"]]


def shop_of(api: Rest, name: str) -> str:
    return next((str(one["shop_id"]) for one in api.get("/shops")["shops"] if one["name"] == name), "")


def on_air(system: System) -> set[str]:
    """Return the LIVEs that anybody can watch, which the gateway keeps by its subscription."""
    return {one["session_id"] for one in Rest(system.url).get("/watch")["sessions"]}


def test_down_drains_and_nothing_acknowledged_is_lost(system: System, host: Any) -> None:
    session = host.live(products=1)
    orders = [session.order(session.products[0], 1, 100 + n, f"v{n}") for n in range(20)]
    session.record(*({"paid_order": {"order": {"request_id": f"o{n}", **one}}} for n, one in enumerate(orders)))
    wanted = 20 * 100 + sum(range(20))
    told = system.cli("down").stdout
    assert "stopped in" in told
    assert "killed" not in system.folder.log("up").read_text()
    assert json.loads(system.folder.state_file.read_text())["status"] == "stopped"
    system.up()
    sys.stdout.write(f"second start: ready in {system.folder.state()['seconds_to_ready']} s" + "\n")
    board = {one["metric"]: one.get("value") for one in session.get("board")["core"]}
    assert (board["gmv"], board["orders"]) == (wanted, 20)


def test_a_background_start_writes_no_sign_in_link_to_a_file(system: System, api: Rest) -> None:
    written = "".join(log.read_text(errors="replace") for log in system.folder.logs.iterdir())
    assert "ready" in system.folder.log("up").read_text()
    assert "sign-in#link=" not in written

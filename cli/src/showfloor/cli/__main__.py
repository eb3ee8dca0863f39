"""The `showfloor` command. Each command lives in a module of its own and is imported only when it is run."""

import sys
from pathlib import Path

from cyclopts import App

EXIT_FAILED = 1
DEBUG = "--debug"  # works with every command, anywhere on the line

app = App(
    name="showfloor",
    help="The open backend for LIVE shopping. Add --debug to any command to get a traceback in a file.",
    version_flags=["--version"],
)
COMMANDS = (
    ("up", "showfloor.cli.up:up", "Start everything on this machine, and say where it is."),
    ("down", "showfloor.cli.down:down", "Stop it. Nothing that was acknowledged is lost."),
    ("status", "showfloor.cli.status:status", "Show every process, and how far behind each moving part is."),
    ("doctor", "showfloor.cli.doctor:doctor", "Find out what is wrong, and what to do."),
    ("logs", "showfloor.cli.logs:logs", "Print what the processes wrote."),
    ("token", "showfloor.cli.sign_in:token", "Print a one-time sign-in link, or a token for the API."),
    ("rebuild", "showfloor.cli.rebuild:rebuild", "Build a view again from the event log."),
    (
        "dead-letters",
        "showfloor.cli.dead_letters:dead_letters",
        "Show messages that could not be handled, and handle them again.",
    ),
    ("nats", "showfloor.cli.nats:app", "Fill JetStream again from the event logs."),
    ("backup", "showfloor.cli.backup:backup", "Write everything into one file, running or stopped."),
    ("restore", "showfloor.cli.restore:restore", "Make a new data folder out of a backup, and prove it."),
    ("erase", "showfloor.cli.erase:erase", "Make what a viewer wrote, and their name, unreadable for ever."),
    ("import", "showfloor.cli.importing:app", "Bring in past sessions or a catalogue from a file."),
    ("replay", "showfloor.cli.replaying:replay", "Play a recorded LIVE into Showfloor."),
    ("record", "showfloor.cli.recording:record", "Make a recording out of a past session and a chat log."),
)
for name, place, says in COMMANDS:
    app.command(place, name=name, help=says)


def main() -> None:
    """Run one command. Every failure is told as cause, place and next step; exit code 1, or 2 for bad usage."""
    words = sys.argv[1:]
    debug = DEBUG in words
    try:
        app([word for word in words if word != DEBUG])
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:  # the last place that can say something useful
        from showfloor.cli.failures import tell  # it knows the errors of every part, and loads them

        tell(error, debug_file=Path("showfloor-debug.log").absolute() if debug else None)
        sys.exit(EXIT_FAILED)


if __name__ == "__main__":
    main()

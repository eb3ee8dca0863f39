"""Startup errors, told to a person: the cause, the place and the next step."""


class StartupError(Exception):
    """Something a person must act on. Printed as three plain lines, never as a traceback.

    `cause` says what is wrong, `place` where (a file, a variable, a process), `next_step` the way out.
    """

    def __init__(self, cause: str, *, place: str, next_step: str) -> None:
        super().__init__(cause)
        self.cause = cause
        self.place = place
        self.next_step = next_step

    def __str__(self) -> str:
        return f"{self.cause}\n  where: {self.place}\n  next:  {self.next_step}"


def port_error(error: OSError, variable: str, address: str) -> StartupError:
    """Return what to tell when a server cannot listen where its setting says."""
    return StartupError(
        f"the port cannot be taken: {error.strerror or error}",
        place=f"{variable}={address}",
        next_step="choose another port, or stop what uses this one",
    )

"""A failure told to a person: the cause, the place and the next step."""


class Trouble(Exception):
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

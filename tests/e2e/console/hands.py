"""What a person's hands and eyes need for what a test does, by the keystroke-level model.

A test's own clock tells how fast the machine is. The model tells what a person needs: Card, Moran and Newell, "The
keystroke-level model for user performance time with interactive systems", Communications of the ACM 23(7), 1980.
"""

from dataclasses import dataclass

from playwright.sync_api import Locator, Page

KEY_S = 0.28  # K: an average typist who does not know the text by heart
POINT_S = 1.1  # P: the pointer goes to a target
BUTTON_S = 0.2  # B, twice: the mouse button goes down and up
HOME_S = 0.4  # H: the hand goes from the mouse to the keys, or back
THINK_S = 1.35  # M: decide what is next
LOOK_S = 4.0  # a beginner reads the page first; ours, the model is of people with practice
FILE_S = 15.0  # find a file in the system's own dialog; ours


@dataclass
class Hands:
    """Does what a seller does, and adds up what it takes: s."""

    page: Page
    seconds: float = 0.0
    presses: int = 0
    keys: int = 0

    def _spend(self, presses: int, keys: int, seconds: float) -> None:
        self.presses, self.keys = self.presses + presses, self.keys + keys
        self.seconds += LOOK_S + THINK_S + seconds

    def press(self, target: Locator) -> None:
        """Press a button or a link."""
        target.click()
        self._spend(1, 0, POINT_S + BUTTON_S)

    def add(self, presses: int) -> None:
        """Add presses that something else made for this person."""
        for _ in range(presses):
            self._spend(1, 0, POINT_S + BUTTON_S)

    def write(self, field: Locator, text: str) -> None:
        """Press a field and type a text."""
        field.fill(text)
        self._spend(1, len(text), POINT_S + BUTTON_S + 2 * HOME_S + KEY_S * len(text))

    def key(self, name: str) -> None:
        """Press one key, wherever the focus is."""
        self.page.keyboard.press(name)
        self._spend(0, 1, HOME_S + KEY_S)

    def choose(self, field: Locator, name: str, content: bytes) -> None:
        """Choose a file."""
        field.set_input_files({"name": name, "mimeType": "text/csv", "buffer": content})
        self._spend(2, 0, POINT_S + BUTTON_S + FILE_S)

    def __str__(self) -> str:
        return f"{self.presses} presses, {self.keys} keys, {self.seconds:.0f} s of a person's time"

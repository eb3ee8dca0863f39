"""Make the recording that `make up` plays: fully invented, and labelled so. Run by `make demo-recording`."""

from decimal import Decimal
from itertools import cycle, islice
from pathlib import Path

import numpy as np

from showfloor.cli.recording import Cast, make
from showfloor.tabular.chat import ChatLine
from showfloor.tabular.history import PastRow

OUT = Path(__file__).resolve().parents[1] / "cli/src/showfloor/cli/data/demo.live"
SIMULATED = ["everything: this LIVE never took place"]
SHOP = "Sample shop"
MINUTES = 15
SEED = 7
COMMENTS = 420

NAMES = [
    "Mia",
    "Jonas",
    "Aylin",
    "Chen",
    "Noor",
    "Tomás",
    "Priya",
    "Ewa",
    "Kwame",
    "Linh",
    "Sara",
    "Yuki",
    "Omar",
    "Zoë",
]
PRODUCTS = (
    ("Linen shirt, washed blue", "clothing"),
    ("Reading lamp, brass", "home"),
    ("Ceramic mug set of four", "kitchen"),
    ("Merino scarf", "clothing"),
    ("Travel kettle 0.5 l", "kitchen"),
    ("Canvas weekender", "bags"),
    ("Soy candle, fig", "home"),
    ("Wireless earbuds", "electronics"),
    ("Oak cutting board", "kitchen"),
)
COMMISSION_BPS = 1_200
TEXTS = [
    "Hello from Lisbon!",
    "Is the blue one back in stock?",
    "How long does the battery last?",
    "just ordered, can't wait",
    "Does it come in size M?",
    "这个多少钱?",
    "could you show the back please",
    "love the colour 😍",
    "Wie lange dauert der Versand?",
    "first time here, hi everyone",
    "¿Hacéis envíos a Canarias?",
    "the last one broke after a week, is this better?",
    "what is it made of",
    "هل يوجد توصيل؟",
    "👏👏👏",
    "can you compare it with the small one",
    "is there a discount for two",
    "여기 처음 왔어요",
    "ordered two, one for my sister",
    "Please pin the lamp again",
]


def main() -> None:
    """Write the recording."""
    row = PastRow(
        line=0,
        reference="demo",
        title="Sample LIVE (simulated)",
        account="Sample host",
        currency="EUR",
        started_at=None,
        duration_s=MINUTES * 60,
        views=2_400,
        peak_viewers=None,
        average_viewers=None,
        average_stay_s=96,
        likes=5_200,
        gifts=60,
        new_followers=85,
        products=len(PRODUCTS),
        units_sold=140,
        gmv=389_760,
    )
    rng = np.random.default_rng(SEED)
    moments = np.sort(rng.random(COMMENTS)) * row.duration_s
    names = rng.choice(NAMES, COMMENTS)
    chat = [
        ChatLine(0, Decimal(float(at)), str(name), text)
        for at, name, text in zip(moments, names, islice(cycle(TEXTS), COMMENTS), strict=True)
    ]
    OUT.parent.mkdir(exist_ok=True)
    header = make(row, chat, SHOP, SEED, OUT, SIMULATED, Cast(tuple(NAMES), PRODUCTS, COMMISSION_BPS))
    print(f"{OUT.name}: {header.signals} signals, {header.facts} facts, {OUT.stat().st_size // 1024} KiB")  # noqa: T201


if __name__ == "__main__":
    main()

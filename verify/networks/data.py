"""What the networks trained here learn from: text that ships with CPython, images that ship with scikit-learn.

Both are real data that need no download. Text is the reference manual (``pydoc_data.topics``, English) and, for
fine-tuning on something else, the source code of modules of the standard library or a held-out part of the manual.
scikit-learn is an optional extra (``data``); where it is not installed the digits networks are reported as missing.
"""

from __future__ import annotations

import hashlib
import sysconfig
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from torch import Tensor

PRINTABLE = "".join(map(chr, range(32, 127))) + "\n"
HIDDEN = len(PRINTABLE)  # the symbol that stands for a hidden character
SYMBOLS = HIDDEN + 1
CODE = ("argparse.py", "textwrap.py", "configparser.py", "string.py", "shlex.py", "csv.py", "tarfile.py")
TEST_SHARE = 0.1
TEST_IMAGES = 500

TextName = Literal["manual", "lower", "tables", "code"]
"""``lower``: the manual in lower case, which is easier to learn. ``tables``: the part of the manual on formatting and
types, which is left out of the manual."""
SHIFTED_TOPICS = ("formatstrings", "typesmapping", "typesseq", "string-methods", "specialnames", "operator-summary")


class Corpus(NamedTuple):
    """Characters as integers, split in order: nothing of the test part is trained on."""

    train: Tensor
    test: Tensor

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.train.numpy().tobytes() + self.test.numpy().tobytes()).hexdigest()[:16]


def encode(text: str) -> Tensor:
    """Printable characters as integers; all others are left out."""
    import torch

    places = {character: i for i, character in enumerate(PRINTABLE)}
    return torch.tensor([places[c] for c in text if c in places])


def raw(name: TextName) -> str:
    from pydoc_data.topics import topics

    if name == "code":
        folder = Path(sysconfig.get_paths()["stdlib"])
        return "\n".join((folder / file).read_text("utf-8") for file in CODE)
    shifted = set(SHIFTED_TOPICS) & set(topics)
    wanted = shifted if name == "tables" else set(topics) - shifted
    text = "\n".join(topics[topic] for topic in sorted(wanted))
    return text.lower() if name == "lower" else text


@cache
def corpus(name: TextName) -> Corpus:
    symbols = encode(raw(name))
    cut = len(symbols) - int(TEST_SHARE * len(symbols))
    return Corpus(symbols[:cut], symbols[cut:])


def bigram_loss(text: Corpus) -> float:
    """Cross-entropy on the test part of the model that looks at one character only: what a network must beat."""
    import torch

    counts = torch.full((SYMBOLS, SYMBOLS), 0.1, dtype=torch.float64)
    one = torch.ones(len(text.train) - 1, dtype=torch.float64)
    counts.index_put_((text.train[:-1], text.train[1:]), one, accumulate=True)
    chance = (counts / counts.sum(1, keepdim=True)).log()
    return -float(chance[text.test[:-1], text.test[1:]].mean())


def unigram_loss(text: Corpus) -> float:
    """Cross-entropy on the test part of the frequencies of single characters."""
    import torch

    counts = torch.bincount(text.train, minlength=SYMBOLS).double() + 0.1
    return -float((counts / counts.sum()).log()[text.test].mean())


class Images(NamedTuple):
    """Grey 8 x 8 images (batch, 64), centred and scaled, and their classes; the test part is the end of the file."""

    x: Tensor
    y: Tensor
    test_x: Tensor
    test_y: Tensor

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.x.numpy().tobytes() + self.test_x.numpy().tobytes()).hexdigest()[:16]


def has_digits() -> bool:
    return find_spec("sklearn") is not None


@cache
def digits() -> Images:
    """Handwritten digits (Alpaydin and Kaynak 1998). Raises ImportError where scikit-learn is not installed."""
    import torch
    from sklearn.datasets import load_digits  # type: ignore[import-untyped,unused-ignore]

    x, y = load_digits(return_X_y=True)
    x = torch.tensor(x, dtype=torch.float32)
    y = torch.tensor(y, dtype=torch.int64)
    x = (x - x[:-TEST_IMAGES].mean()) / x[:-TEST_IMAGES].std()
    return Images(x[:-TEST_IMAGES], y[:-TEST_IMAGES], x[-TEST_IMAGES:], y[-TEST_IMAGES:])

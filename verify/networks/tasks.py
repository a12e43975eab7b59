"""What a network is asked to learn: examples for training, drawn beforehand, and examples for testing.

A task draws for each seed by itself, so that a network does not depend on which others are trained beside it. The
baseline says what counts as having learned: a network that does not beat it was not trained, and is left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol

from verify.networks import data
from verify.networks.data import HIDDEN, SYMBOLS, TextName

if TYPE_CHECKING:
    from torch import Generator, Tensor

TEST_WINDOWS = 128
HIDDEN_SHARE = 0.2
IGNORED = -100  # a place whose prediction does not count


class Batch(NamedTuple):
    """Inputs (seeds, batch, ...) and what is wanted of them."""

    x: Tensor
    y: Tensor


class Feed(Protocol):
    """Examples for one training: ``train(step)``, ``test()``; ``loss`` per example, (seeds, batch)."""

    def train(self, step: int) -> Batch: ...
    def test(self) -> Batch: ...


class Task(Protocol):
    """``digest`` names the data; ``baseline`` is in the units of ``score``, of which less is better."""

    @property
    def digest(self) -> str: ...
    def feed(self, makes: list[Generator], steps: int, batch: int) -> Feed: ...
    def losses(self, out: Tensor, y: Tensor) -> Tensor: ...
    def score(self, out: Tensor, y: Tensor) -> Tensor: ...
    def baseline(self, feed: Feed) -> list[float]: ...


def mean_per_seed(values: Tensor) -> Tensor:
    return values.flatten(1).mean(1)


def cross_entropies(out: Tensor, y: Tensor) -> Tensor:
    """Mean cross-entropy for each seed, of the places that count."""
    import torch

    losses = torch.nn.functional.cross_entropy(
        out.flatten(0, -2), y.flatten(), ignore_index=IGNORED, reduction="none"
    ).reshape(len(y), -1)
    return losses.sum(1) / (y.reshape(len(y), -1) != IGNORED).sum(1)


# --- text ---------------------------------------------------------------------------------------------------


Mode = Literal["next", "hidden", "replaced", "average", "previous"]
"""What is asked: the next character; characters that were hidden, or replaced by others; for contrast, the commonest
character of the window (a uniform average tells it) and the previous one."""


@dataclass(frozen=True)
class Text:
    """A question on windows of ``length`` characters. The score is the cross-entropy in nats."""

    name: TextName
    length: int
    mode: Mode = "next"

    @property
    def label(self) -> str:
        return f"{self.mode} ({self.name})"

    @property
    def digest(self) -> str:
        return data.corpus(self.name).digest

    def feed(self, makes: list[Generator], steps: int, batch: int) -> TextFeed:
        return TextFeed(self, makes, steps, batch)

    losses = staticmethod(cross_entropies)
    score = staticmethod(cross_entropies)

    def baseline(self, feed: Feed) -> list[float]:
        """A table of pairs of characters, of single ones where the neighbour is disturbed; for contrasts the latter."""
        text = data.corpus(self.name)
        pairs, single = data.bigram_loss(text), data.unigram_loss(text)
        if self.mode in ("hidden", "replaced"):
            loss = (1 - HIDDEN_SHARE) * pairs + HIDDEN_SHARE * single
        else:
            loss = pairs if self.mode == "next" else single
        return [loss] * len(feed.test().x)


class TextFeed:
    """Windows at random places. Noise is drawn whatever the mode, so that modes see the same windows."""

    def __init__(self, task: Text, makes: list[Generator], steps: int, batch: int) -> None:
        import torch

        self.task, self.text = task, data.corpus(task.name)
        n, last, last_test = task.length, len(self.text.train) - task.length, len(self.text.test) - task.length
        self.starts = torch.stack([torch.randint(last, (steps, batch), generator=make) for make in makes])
        self.tests = torch.stack([torch.randint(last_test, (TEST_WINDOWS,), generator=make) for make in makes])
        if task.mode in ("hidden", "replaced"):
            self.noise = torch.stack([torch.rand(steps, batch, n, generator=make) for make in makes])
            self.test_noise = torch.stack([torch.rand(TEST_WINDOWS, n, generator=make) for make in makes])

    def batch(self, text: Tensor, starts: Tensor, noise: Tensor | None) -> Batch:
        import torch

        windows = text[starts[..., None] + torch.arange(self.task.length + 1)]
        x = windows[..., :-1]
        match self.task.mode:
            case "next":
                return Batch(x, windows[..., 1:])
            case "average":
                counts = torch.nn.functional.one_hot(x, SYMBOLS).sum(-2)
                return Batch(x, counts.argmax(-1, keepdim=True).expand_as(x))
            case "previous":
                return Batch(x, x.roll(1, dims=-1).index_fill(-1, torch.tensor([0]), IGNORED))
            case _:
                return self.disturbed(x, noise)

    def disturbed(self, x: Tensor, noise: Tensor | None) -> Batch:
        """Where the noise is small the character is hidden, or another takes its place (drawn by the same noise)."""
        assert noise is not None
        chosen = noise < HIDDEN_SHARE
        y = x.masked_fill(~chosen, IGNORED)
        if self.task.mode == "hidden":
            return Batch(x.masked_fill(chosen, HIDDEN), y)
        other = (noise * (HIDDEN / HIDDEN_SHARE)).long().clamp(max=HIDDEN - 1)
        return Batch(x.where(~chosen, other), y)

    def train(self, step: int) -> Batch:
        noise = self.noise[:, step] if hasattr(self, "noise") else None
        return self.batch(self.text.train, self.starts[:, step], noise)

    def test(self) -> Batch:
        return self.batch(self.text.test, self.tests, getattr(self, "test_noise", None))


# --- images -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Digits:
    """Which digit. ``limit`` images are trained on (all if None), of which a share ``noise`` has a wrong class.

    The score is the share of test images that are misread. The baseline is the nearest mean of a class, or, where
    labels are wrong, guessing.
    """

    limit: int | None = None
    noise: float = 0.0

    @property
    def digest(self) -> str:
        return data.digits().digest

    def feed(self, makes: list[Generator], steps: int, batch: int) -> DigitsFeed:
        return DigitsFeed(self, makes, steps, batch)

    losses = staticmethod(cross_entropies)

    @staticmethod
    def score(out: Tensor, y: Tensor) -> Tensor:
        return mean_per_seed((out.argmax(-1) != y).double())

    def baseline(self, feed: Feed) -> list[float]:
        import torch

        if self.limit is not None or self.noise:
            return [0.5] * len(feed.test().x)
        d = data.digits()
        means = torch.stack([d.x[d.y == c].mean(0) for c in range(10)])
        wrong = torch.cdist(d.test_x, means).argmin(1) != d.test_y
        return [float(wrong.double().mean())] * len(feed.test().x)


class DigitsFeed:
    def __init__(self, task: Digits, makes: list[Generator], steps: int, batch: int) -> None:
        import torch

        self.images = data.digits()
        total = len(self.images.x)
        limit = task.limit or total
        chosen, labels = [], []
        for make in makes:
            places = torch.randperm(total, generator=make)[:limit]
            wrong = torch.rand(limit, generator=make) < task.noise
            other = torch.randint(10, (limit,), generator=make)
            chosen.append(places)
            labels.append(torch.where(wrong, other, self.images.y[places]))
        self.chosen, self.labels = torch.stack(chosen), torch.stack(labels)
        draws = [torch.randint(limit, (steps, min(batch, limit)), generator=make) for make in makes]
        self.draws = torch.stack(draws)

    def train(self, step: int) -> Batch:
        places = self.draws[:, step]
        return Batch(self.images.x[self.chosen.gather(1, places)], self.labels.gather(1, places))

    def all(self) -> Batch:
        """Every image that is trained on, with the class it is trained towards."""
        return Batch(self.images.x[self.chosen], self.labels)

    def test(self) -> Batch:
        seeds = len(self.chosen)
        return Batch(self.images.test_x.expand(seeds, -1, -1), self.images.test_y.expand(seeds, -1))


# --- a linear teacher ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Teacher:
    """y = x T + noise with a random matrix T of the given rank, its non-zero singular values being equal.

    ``samples`` examples in all (fresh ones at each step if None). The score is the squared error over the variance of
    what is to be predicted; the baseline is predicting nothing.
    """

    width: int
    rank: int
    samples: int | None = None
    noise: float = 0.0

    @property
    def digest(self) -> str:
        return ""

    def feed(self, makes: list[Generator], steps: int, batch: int) -> TeacherFeed:
        return TeacherFeed(self, makes, steps, batch)

    @staticmethod
    def losses(out: Tensor, y: Tensor) -> Tensor:
        return mean_per_seed((out - y) ** 2)

    @staticmethod
    def score(out: Tensor, y: Tensor) -> Tensor:
        return mean_per_seed((out - y) ** 2) / mean_per_seed(y**2)

    def baseline(self, feed: Feed) -> list[float]:
        return [1.0] * len(feed.test().x)


class TeacherFeed:
    TESTS = 256

    def __init__(self, task: Teacher, makes: list[Generator], steps: int, batch: int) -> None:
        import torch

        self.task, self.size = task, batch
        teachers, xs, noises, tests = [], [], [], []
        total = task.samples or steps * batch
        for make in makes:
            u, v = (torch.linalg.qr(torch.randn(task.width, task.rank, generator=make))[0] for _ in range(2))
            teachers.append(u @ v.mT * (task.width / task.rank) ** 0.5)
            xs.append(torch.randn(total, task.width, generator=make))
            noises.append(torch.randn(total, task.width, generator=make) * task.noise)
            tests.append(torch.randn(self.TESTS, task.width, generator=make))
        self.teacher, self.x, self.tests = torch.stack(teachers), torch.stack(xs), torch.stack(tests)
        self.y = self.x @ self.teacher + torch.stack(noises)

    def train(self, step: int) -> Batch:
        if self.task.samples is not None:
            return self.all()
        here = slice(step * self.size, (step + 1) * self.size)
        return Batch(self.x[:, here], self.y[:, here])

    def all(self) -> Batch:
        return Batch(self.x, self.y)

    def test(self) -> Batch:
        return Batch(self.tests, self.tests @ self.teacher)

"""The closed vocabularies. Each member carries the sentence that terminal, report and docs all show."""

from __future__ import annotations

from enum import StrEnum


class Word(StrEnum):
    """A word with its sentence; compares and serialises as the plain word."""

    sentence: str

    def __new__(cls, word: str, sentence: str = "") -> Word:
        member = str.__new__(cls, word)
        member._value_ = word
        member.sentence = sentence
        return member


class Verdict(Word):
    """What the judge says of a part. Listed worst first: the order of a headline."""

    REFUTED = "refuted", "False as stated: a counterexample was found and certified in exact or ball arithmetic."
    ILL_POSED = (
        "ill-posed",
        (
            "Without a definite meaning as stated: shapes do not fit, a symbol is undefined, "
            "or nothing could contradict it."
        ),
    )
    CONTRADICTED = "contradicted", "Measured on trained networks, and it did not hold there."
    INCONCLUSIVE = "inconclusive", "The evidence does not decide; the reason is named."
    EMPIRICAL = "empirical", "Measured on trained networks, and it held there; nothing more is claimed."
    SUPPORTED = "supported", "No counterexample was found in a search that was shown able to find one; not a proof."
    PROVED = "proved", "Derived for every size and value in scope."

    @property
    def badness(self) -> int:
        """0 is worst; a claim's headline is the verdict of least badness index among its main parts."""
        return list(Verdict).index(self)

    @property
    def is_good(self) -> bool:
        """Whether a reader may rely on the part, within what the verdict says."""
        return self in (Verdict.PROVED, Verdict.SUPPORTED, Verdict.EMPIRICAL)


class Role(Word):
    MAIN = "main", "Carries the headline of its claim."
    CAVEAT = "caveat", "An edge case, a reading, or a consequence that the text draws."


class Scope(Word):
    UNIVERSAL = "universal", "Stated for all sizes and values that satisfy the hypotheses."
    TYPICAL = "typical", "Stated of what usually happens in trained networks."


class Kind(Word):
    DEFINITION = "definition", "A definition."
    LEMMA = "lemma", "A lemma."
    THEOREM = "theorem", "A theorem."
    COROLLARY = "corollary", "A corollary."
    TABLE = "table", "A table."
    EQUATION = "equation", "A displayed equation."


class Reason(Word):
    """Why a part is inconclusive, or less than proved in spite of a proof."""

    NO_CHECK = "no check", "No check of this part has produced evidence."
    NO_WITNESS = "no witness", "No object was shown to satisfy the hypotheses, so the part may hold of nothing."
    NOT_COVERED = "class not visited", "A region of the input space that the search must visit was not visited."
    MUTANT_SURVIVES = (
        "mutant survives",
        "A false variant of the part passed the same search, so the search is too weak.",
    )
    NO_MUTANT_KILLED = "no mutant killed", "The search never told this part from a false variant of it."
    PRECISION = "precision ran out", "A suspect could be neither certified as a violation nor cleared."
    FAILED = "a check failed", "A check raised an error, ran out of time, or returned something that is not a number."
    FOUNDATION = "foundation not proved", "The proof is complete, but a theorem or part it stands on is only supported."
    FOUNDATION_OPEN = "foundation open", "The proof stands on a theorem or part that is itself not decided."
    FOUNDATION_FALLEN = "foundation fallen", "The proof stands on a theorem or part that was found false."
    UNCERTIFIED = "not certified", "A counterexample was proposed, but could not be certified."
    NOT_DECISIVE = "measurement not decisive", "The interval of the measurement includes the declared threshold."
    WRONG_SCOPE = "evidence of the wrong kind", "The evidence does not speak about a part of this scope."


class Outcome(Word):
    """What became of a mutant."""

    KILLED = "killed", "A certified counterexample tells the mutant from the part."
    IMPLIED = "implied", "The mutant follows from the part or from its proof, so nothing could kill it."
    SURVIVING = "surviving", "Neither a counterexample nor a proof was found."

"""What the claims of this section put into evidence, in Chinese, by the English that the ledger holds.

The claims' own fields bring both languages. Here is what they hand to checks, which know one: the quantity of a
measurement, the words of a picture, the name of a hypothesis, the words within a formula, the place in a source.
"""

from claims.low_rank.chinese.hypotheses import HYPOTHESES
from claims.low_rank.chinese.measured import FORMULAS, PICTURES, QUANTITIES, SOURCES

CHINESE = HYPOTHESES | QUANTITIES | PICTURES | FORMULAS | SOURCES

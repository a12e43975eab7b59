"""The HTML report: reads the ledger and the collections, computes no verdict of its own."""

from verify.report.html import write
from verify.report.mathematics import ReportError

__all__ = ["ReportError", "write"]

"""The one error that the command line turns into a line and exit status 2."""

from __future__ import annotations


class VerifyError(Exception):
    """Could not run. The message is one line and names the mend."""

"""The pathway figures of the biological literature, as a database."""

__version__ = "0.1.0"

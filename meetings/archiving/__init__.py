"""The archive package (arkistopaketti) of a meeting's minutes, and what it still lacks."""

from .package import FileLost, package
from .readiness import Missing, missing

__all__ = ["FileLost", "Missing", "missing", "package"]

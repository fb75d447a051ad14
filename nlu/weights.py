"""Weights that ship with the product: all there, and exactly those that were measured.

A customer must never meet damaged weights: whatever is wrong stops the start, in one sentence.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from hashlib import sha256
from pathlib import Path

from rasa.shared.exceptions import RasaException

MANIFEST = "manifest.json"


class WeightsError(RasaException):
    """A file of a model cannot be used.

    Attributes:
        file: Which.
        problem: What is wrong with it.
    """

    code = "weights_unusable"

    def __init__(self, file: Path, problem: str) -> None:
        folder = f"models/{file.parent.name}"
        super().__init__(
            f"{self.code}: {file} {problem}. Put {folder} back (git checkout -- {folder}) or build it anew"
            f" (training/{file.parent.name})."
        )
        self.file = file
        self.problem = problem


def check_weights(folder: Path, files: Collection[str]) -> Mapping[str, str]:
    """Compare files with the manifest beside them.

    Returns:
        The SHA-256 of each file that the manifest names.

    Raises:
        WeightsError: One is missing, damaged or of another model.
    """
    manifest = folder / MANIFEST
    try:
        hashes = json.loads(_read(manifest))["sha256"]
        expected = {name: str(hashes[name]) for name in files}
    except (ValueError, KeyError, TypeError) as error:
        raise WeightsError(manifest, "does not name the files of the model") from error
    for name, digest in expected.items():
        if sha256(_read(folder / name)).hexdigest() != digest:
            raise WeightsError(folder / name, "is damaged or belongs to another model (SHA-256 differs)")
    return expected


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise WeightsError(file, f"cannot be read ({error.strerror})") from error

"""What can go wrong between the service and Rasa."""

from __future__ import annotations

from pathlib import Path

from balie.kernel.errors import BalieError, ErrorKind


class AssistantUnavailableError(BalieError):
    """The assistant gave no usable answer: it is down, too slow, or answered nonsense."""

    code = "assistant_unavailable"
    kind = ErrorKind.UNAVAILABLE


class RasaNotInstalledError(BalieError):
    """The Rasa environment is not there."""

    code = "rasa_not_installed"
    kind = ErrorKind.UNAVAILABLE

    def __init__(self, python: Path) -> None:
        super().__init__(f"The Rasa environment is not there ({python}): run 'make setup'.")
        self.python = python


class RasaNotStartedError(BalieError):
    """The Rasa server ended, or did not answer in time."""

    code = "rasa_not_started"
    kind = ErrorKind.UNAVAILABLE

    def __init__(self, log_tail: str) -> None:
        super().__init__(f"Rasa did not start. The end of its log:\n{log_tail}")
        self.log_tail = log_tail


class TrainingFailedError(BalieError):
    """Rasa could not train a model from the present content."""

    code = "training_failed"

    def __init__(self, log_tail: str) -> None:
        super().__init__(f"The assistant could not be trained. The end of Rasa's output:\n{log_tail}")
        self.log_tail = log_tail


class EvaluationFileError(BalieError):
    """A file of labelled messages cannot be used."""

    code = "evaluation_file_unusable"

    def __init__(self, file: Path, problem: str) -> None:
        super().__init__(f"{file} cannot be evaluated: {problem}.")
        self.file = file


class EmotionModelUnusableError(BalieError):
    """A file of the emotion classifier is missing, damaged or of another model."""

    code = "emotion_model_unusable"
    kind = ErrorKind.UNAVAILABLE

    def __init__(self, file: Path, problem: str) -> None:
        super().__init__(f"{file} {problem}.")
        self.file = file


class EmotionsNotReadError(BalieError):
    """Nothing was read of a message's emotion."""

    code = "emotions_not_read"
    kind = ErrorKind.UNAVAILABLE

    def __init__(self) -> None:
        super().__init__("Emotions are not read: is BALIE_EMOTION switched off?")


class PictureNotWrittenError(BalieError):
    """A picture cannot be written where it was wanted."""

    code = "picture_not_written"

    def __init__(self, file: Path, problem: str) -> None:
        super().__init__(f"The picture {file} cannot be written: {problem}.")
        self.file = file

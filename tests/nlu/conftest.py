"""Keeps Rasa quiet and small while it is imported for tests."""

import os
import warnings

os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")

# Rasa 3.6.21 is the last of its line: what it and its pinned packages warn of while they are imported is not
# ours to mend. What our own code warns of, and what Rasa warns of at work, is an error (pytest.ini).
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import rasa.core.agent
    import rasa.model_training  # noqa: F401

from pathlib import Path

from balie.assistant.model_files import find_current_model, fingerprint, model_path


def make_project(folder: Path) -> Path:
    for name, text in {"config.yml": "a", "domain.yml": "b", "data/faq/x.yml": "c", "nlu/x.py": "d"}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_a_model_is_current_until_its_content_changes(tmp_path: Path) -> None:
    project = make_project(tmp_path)
    (project / "models").mkdir()
    model_path(project).write_bytes(b"model")
    assert find_current_model(project) == model_path(project)

    (project / "data/faq/x.yml").write_text("changed", encoding="utf-8")

    assert find_current_model(project) is None


def test_texts_of_replies_do_not_ask_for_new_training(tmp_path: Path) -> None:
    project = make_project(tmp_path)
    before = fingerprint(project)

    (project / "data/replies").mkdir()
    (project / "data/replies/orders.yml").write_text("x", encoding="utf-8")

    assert fingerprint(project) == before


def test_the_emotion_model_and_its_code_do_not_ask_for_new_training(tmp_path: Path) -> None:
    project = make_project(tmp_path)
    before = fingerprint(project)

    for name in ("nlu/emotion_model.py", "models/emotion/manifest.json"):
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_text("x", encoding="utf-8")

    assert fingerprint(project) == before

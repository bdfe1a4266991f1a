from pathlib import Path

from storage.sources import docs
from storage.sources.rows import MODELS
from storage.sources.vocabulary import shipped

DOCS = Path(__file__).parents[3] / "docs" / "data.md"


def test_the_page_is_what_the_models_say() -> None:
    assert DOCS.read_text(encoding="utf-8") == docs.page(shipped()), "python -m storage.sources.docs > docs/data.md"


def test_every_synonym_is_of_a_column_that_exists() -> None:
    vocabulary = shipped()
    columns = {column for model in MODELS.values() for column in model.model_fields} | {"deleted"}
    assert set(vocabulary.data["columns"]) <= columns
    for name, own in vocabulary.data["columns_of"].items():
        assert set(own) <= set(MODELS[name].model_fields)
    for name in vocabulary.data["values"]:
        file, _, column = name.rpartition(".")
        assert column in (MODELS[file].model_fields if file else columns), name

"""Spaces of Hugging Face models: from a folder, from the hub's cache, never from the network."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.analysis import run_analysis
from engine.errors import NotDownloaded, SourceError
from engine.progress import SILENT
from engine.request import AnalysisRequest, NamedSource
from engine.sources.huggingface import HuggingFaceSource
from engine.sources.vectors import VectorsSource
from tests.engine.recipe import read_sample
from tests.engine.sources.small_models import TOKENS, all_rows, matrix, opened, write_json, write_model, write_tokens
from tests.engine.sources.vector_files import binary_bytes

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty hub cache, and no network."""
    from huggingface_hub import constants

    def no_network(*_: Any) -> None:
        raise AssertionError("the network was touched")

    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setattr(socket.socket, "connect", no_network)
    return tmp_path / "hub"


def test_gpt2_rows_are_those_of_the_words_own_tokens(gpt2: Any, gpt2_folder: Path, gpt2_tokenizer: Any) -> None:
    expected = gpt2.get_input_embeddings().weight.detach().numpy()
    for token_form, written in (("bare", "before"), ("leading-space", " before"), ("either", " before")):
        space = opened(gpt2_folder, token_form)
        index = space.lookup(SILENT)["before"]
        assert [index] == gpt2_tokenizer.encode(written)
        np.testing.assert_array_equal(space.vectors(np.array([index]), SILENT), expected[[index]])
        assert (space.vocabulary_size, space.dimensions, space.notes) == (50_257, 32, ())
        assert [(index, word) for word, index in space.lookup(SILENT).items()] == list(space.words(SILENT))
    assert "become" not in opened(gpt2_folder).lookup(SILENT)
    assert "become" in opened(gpt2_folder, "leading-space").lookup(SILENT)


def test_the_bundled_sample_has_the_rows_of_the_real_model(minilm_folder: Path) -> None:
    words, vectors = read_sample("all-MiniLM-L6-v2")
    space = opened(minilm_folder)
    lookup = space.lookup(SILENT)
    assert len(words) == 993
    np.testing.assert_array_equal(space.vectors(np.array([lookup[word] for word in words]), SILENT), vectors)


def test_words_have_the_models_rows(tmp_path: Path) -> None:
    space = opened(write_model(tmp_path / "tiny"), "either")
    assert dict(space.lookup(SILENT)) == {"moon": 2, "star": 3, "comet": 4}
    np.testing.assert_array_equal(all_rows(space), matrix()[2:])
    assert HuggingFaceSource(str(tmp_path / "tiny"), token_form="either").description == (
        "tiny, token matrix, tokens with leading space where there is one, else without"
    )


def test_neither_torch_nor_transformers_is_imported(minilm_folder: Path) -> None:
    code = (
        "import sys; import numpy as np\n"
        "from engine.progress import SILENT; from engine.sources import HuggingFaceSource\n"
        f"space = HuggingFaceSource({str(minilm_folder)!r}).open(SILENT)\n"
        "space.vectors(np.array([space.lookup(SILENT)['moon']]), SILENT)\n"
        "print(*{'torch', 'transformers', 'gensim', 'tokenizers', 'huggingface_hub', 'scipy'} & sys.modules.keys())"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)
    assert (run.stdout.strip(), run.stderr) == ("", "")


class TestHubCache:
    """Models downloaded before are found by their hub id."""

    def put(self, cache: Path, model: str, commit: str, main: bool = True) -> Path:
        snapshot = write_model_in(cache / f"models--{model.replace('/', '--')}" / "snapshots" / commit)
        if main:
            refs = snapshot.parents[1] / "refs"
            refs.mkdir()
            (refs / "main").write_text(commit)
        return snapshot

    @pytest.mark.parametrize("model", ["gpt2", "org/tiny.model-v2"])
    def test_a_cached_model_is_opened(self, model: str, cache: Path) -> None:
        self.put(cache, model, "0123abcd")
        source = HuggingFaceSource(model)
        assert dict(source.open(SILENT).lookup(SILENT)) == {"moon": 1, "star": 3}
        assert source.description == f"{model}, token matrix, tokens without leading space"
        assert source.stamp is not None

    def test_the_main_revision_comes_first(self, cache: Path) -> None:
        self.put(cache, "org/tiny", "main-commit")
        other = self.put(cache, "org/tiny", "other-commit", main=False)
        write_tokens(other, ["Ġ", "other"])
        assert "moon" in opened("org/tiny").lookup(SILENT)

    def test_without_main_the_one_there_is_taken(self, cache: Path) -> None:
        self.put(cache, "org/tiny", "0123abcd", main=False)
        assert "moon" in opened("org/tiny").lookup(SILENT)

    def test_what_is_not_cached_is_said_with_the_way_to_get_it(self, cache: Path) -> None:
        source = HuggingFaceSource("org/absent")
        with pytest.raises(
            NotDownloaded, match=r"org/absent is not on this computer yet; get it with Download, or .* --download"
        ):
            source.open(SILENT)
        assert source.stamp is None

    def test_a_snapshot_without_weights_says_so(self, cache: Path) -> None:
        (self.put(cache, "org/tiny", "0123abcd") / "model.safetensors").unlink()
        with pytest.raises(NotDownloaded, match="org/tiny lacks its weights on this computer; get it with Download"):
            opened("org/tiny")


def write_model_in(folder: Path) -> Path:
    folder.mkdir(parents=True)
    return write_model(folder)


class TestFoldersThatAreNoModel:
    """Each says what is missing."""

    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        return write_model(tmp_path / "model")

    def test_an_empty_folder(self, tmp_path: Path) -> None:
        with pytest.raises(
            SourceError,
            match=r"has no tokenizer \(tokenizer\.json, vocab\.json, vocab\.txt, tokenizer\.model, spiece\.model\)",
        ):
            opened(tmp_path)

    def test_no_tokenizer(self, folder: Path) -> None:
        (folder / "vocab.json").unlink()
        with pytest.raises(SourceError, match="has no tokenizer"):
            opened(folder)

    def test_no_weights(self, folder: Path) -> None:
        (folder / "model.safetensors").unlink()
        with pytest.raises(SourceError, match=r"has no weights \(model\.safetensors or pytorch_model\.bin\)"):
            opened(folder)

    def test_weights_without_a_token_matrix(self, folder: Path) -> None:
        write_model(folder, {"lora_A.weight": matrix()})
        with pytest.raises(SourceError, match=f"{folder.name}.*choose a folder with"):
            opened(folder)

    def test_the_tokenizer_of_another_model(self, folder: Path) -> None:
        write_tokens(folder, [*TOKENS, "one", "more"])
        with pytest.raises(SourceError, match="ids up to 6, but the token matrix has 5 rows"):
            opened(folder)

    def test_added_tokens_beyond_the_matrix_are_a_note(self, folder: Path) -> None:
        write_json(folder / "added_tokens.json", {"rsa": 5})
        space = opened(folder)
        assert dict(space.lookup(SILENT)) == {"moon": 1, "star": 3}
        assert space.notes == ("Added tokens that have no row in the token matrix and match nothing: 1.",)

    def test_a_forbidden_folder(self, ordinary_user: None) -> None:
        folder = write_model(Path(tempfile.mkdtemp()))
        folder.chmod(0)
        try:
            with pytest.raises(SourceError, match="may not be read; change its permissions"):
                opened(folder)
        finally:
            folder.chmod(0o700)
            shutil.rmtree(folder)

    def test_a_file_instead(self, folder: Path) -> None:
        with pytest.raises(SourceError, match="is a file; choose the folder"):
            opened(folder / "model.safetensors")

    @pytest.mark.parametrize(
        "model", ["/lost/model", "./lost", "~lost/model", "a/b/c", "C:\\model", "x\0y", "x" * 5000 + "!"]
    )
    def test_a_folder_that_is_not_there(self, model: str) -> None:
        with pytest.raises(SourceError, match="There is no folder"):
            opened(model)


@pytest.mark.parametrize(
    ("fields", "concerns", "message"),
    [
        ({"layer": "last"}, "layer", "no layer 'last'; there are 'embedding', the token matrix, and numbers from 0"),
        ({"layer": True}, "layer", "no layer True"),
        ({"token_form": "beer"}, "token_form", "'beer' is not known; there are bare, leading-space, either, pieces"),
        ({"pooling": "max"}, "pooling", "pooling 'max' is not known; there are mean, first, last"),
        ({"device": "tpu"}, "device", "device 'tpu' is not known; there are cpu, cuda, mps"),
        ({"layer": 1, "template": "I saw the word."}, "template", r"must contain {word} exactly once"),
        ({"layer": 1, "template": "{word} {word}"}, "template", r"must contain {word} exactly once"),
        ({"layer": 1, "template": "{word} \ud800"}, "template", "half of a character"),
        ({"template": "The {word}."}, "template", "for hidden layers only; choose the number of a layer or remove"),
        ({"model": ""}, "model", "No model is given"),
    ],
)
def test_impossible_fields_are_told_before_a_file_is_read(fields: dict[str, Any], concerns: str, message: str) -> None:
    source = HuggingFaceSource(**{"model": "nowhere", **fields})
    for refuse in (source.check, lambda: source.open(SILENT)):
        with pytest.raises(SourceError, match=message) as caught:
            refuse()
        assert caught.value.concerns == concerns


def test_a_folder_is_written_relative_to_the_session_and_a_hub_id_is_not(tmp_path: Path) -> None:
    write_model_in(tmp_path / "models" / "tiny")
    source = HuggingFaceSource(str(tmp_path / "models" / "tiny"), token_form="either")
    assert source.relative_to(tmp_path) == HuggingFaceSource("models/tiny", token_form="either")
    assert source.relative_to(tmp_path).resolved(tmp_path) == source
    assert source.relative_to(tmp_path / "elsewhere") == source
    hub = HuggingFaceSource("org/tiny")
    assert hub.relative_to(tmp_path) == hub.resolved(tmp_path) == hub


def test_the_stamp_changes_with_the_files(tmp_path: Path) -> None:
    folder = write_model(tmp_path / "tiny")
    source = HuggingFaceSource(str(folder))
    first = source.stamp
    assert first == source.stamp is not None
    write_tokens(folder, ["moon", "Ġ"])
    assert source.stamp != first
    shutil.rmtree(folder)
    assert source.stamp is None


def test_the_whole_models_give_the_bundled_samples_analysis(minilm_folder: Path, tmp_path: Path) -> None:
    """A word2vec file and a model's folder, as a user opens them, give the numbers of the first window."""
    words, vectors = read_sample("word2vec-google-news-1k")
    (tmp_path / "vectors.bin").write_bytes(binary_bytes([word.encode() for word in words], vectors))
    spaces = (
        NamedSource("word2vec", VectorsSource(tmp_path / "vectors.bin")),
        NamedSource("MiniLM", HuggingFaceSource(str(minilm_folder))),
    )
    own, bundled = run_analysis(AnalysisRequest(spaces)), run_analysis(AnalysisRequest())
    assert own.words == bundled.words
    assert len(own.words) == 100
    assert own.comparisons == bundled.comparisons

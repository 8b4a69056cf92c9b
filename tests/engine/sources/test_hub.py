"""What is to be downloaded of the hub's models, and what is said of those that are not here."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import pytest
from safetensors.numpy import save

from engine.downloads import Download, fetch
from engine.errors import NotDownloaded, SourceError
from engine.progress import SILENT, Cancelled
from engine.sources import hub
from engine.sources.huggingface import HuggingFaceSource
from tests.engine.downloads.stub import silence
from tests.engine.sources.hub_models import MODEL, names, planned, write_shards
from tests.engine.sources.hub_stub import COMMIT, HubStub
from tests.engine.sources.small_models import matrix, opened, write_json, write_model, write_tokens
from tests.engine.sources.vector_files import Watcher


class TestThePlan:
    def test_only_what_the_choice_needs_and_its_size(self, tiny_hub: HubStub, hub_folder: Path, tmp_path: Path) -> None:
        plan = planned()
        assert names(plan) == ["vocab.json", "config.json", "model.safetensors"]
        assert plan.size == sum((tmp_path / "offered" / name).stat().st_size for name in names(plan))
        assert (plan.title, plan.folder, plan.licence) == (MODEL, hub_folder, "mit")
        assert plan.description == "Tokenizer and token matrix, from model.safetensors."
        assert not hub_folder.exists(), "a plan leaves nothing behind"
        assert "hf_secret" not in repr(plan)

    def test_one_file_has_the_whole_tokenizer(self, tiny_hub: HubStub, tmp_path: Path) -> None:
        for name in ("tokenizer.json", "tokenizer_config.json", "merges.txt"):
            write_json(tmp_path / "offered" / name, {"name": name})
        tiny_hub.put(MODEL, tmp_path / "offered")
        assert names(planned())[:-1] == ["tokenizer.json", "tokenizer_config.json", "config.json"]

    def test_of_sharded_weights_only_those_with_the_token_matrix(self, hub_server: HubStub, tmp_path: Path) -> None:
        write_shards(tmp_path / "offered")
        hub_server.put(MODEL, tmp_path / "offered")
        wanted = ["model.safetensors.index.json", "model-00002-of-00002.safetensors"]
        assert names(planned())[-2:] == wanted
        layers = hub.plan_download(MODEL, 3, SILENT)
        assert layers is not None
        assert names(layers)[-3:] == [wanted[0], "model-00001-of-00002.safetensors", wanted[1]]
        assert "all layers" in layers.description

    def test_other_weights_only_if_there_are_no_safetensors_and_with_a_word(
        self, hub_server: HubStub, tmp_path: Path
    ) -> None:
        offered = write_tokens(tmp_path / "offered")
        (offered / "pytorch_model.bin").write_bytes(b"weights")
        hub_server.put(MODEL, offered)
        plan = planned()
        assert names(plan) == ["vocab.json", "pytorch_model.bin"]
        assert "no safetensors" in plan.description

    def test_what_is_there_is_not_planned(self, tiny_hub: HubStub) -> None:
        plan = planned()
        fetch(Download(plan.title, plan.files[:2], plan.folder), SILENT)
        assert names(planned()) == ["model.safetensors"]

    @pytest.mark.parametrize(
        ("files", "message"),
        [
            ({"model.safetensors": save({"wte.weight": matrix()})}, "no tokenizer of a kind known here"),
            ({"vocab.json": b"{}"}, "no whole weights on the hub"),
            ({"vocab.json": b"{}", "model.safetensors.index.json": b"["}, "index.json is damaged"),
            (
                {"vocab.json": b"{}", "model.safetensors.index.json": b'{"weight_map": {"wte.weight": "../x"}}'},
                "index.json is damaged",
            ),
            (
                {"vocab.json": b"{}", "model.safetensors.index.json": b'{"weight_map": {"wte.weight": "gone"}}'},
                "no whole weights",
            ),
        ],
    )
    def test_models_that_cannot_be_used_are_known_before_anything_is_fetched(
        self, hub_server: HubStub, files: dict[str, bytes], message: str
    ) -> None:
        hub_server.offer(MODEL, files)
        with pytest.raises(SourceError, match=message):
            planned()

    @pytest.mark.parametrize(
        "facts", [{"cardData": "x"}, {"sha": 5}, {"siblings": [{"rfilename": None}]}, {"siblings": "none"}]
    )
    def test_an_answer_that_makes_no_sense_is_told(self, tiny_hub: HubStub, tmp_path: Path, facts: Any) -> None:
        tiny_hub.put(MODEL, tmp_path / "offered", **facts)
        with pytest.raises(
            SourceError, match=r"(answers about .* cannot be read; check HF_ENDPOINT|cannot be reached)"
        ):
            planned()

    def test_folders_and_impossible_ids_need_no_hub(self, hub_server: HubStub, tmp_path: Path) -> None:
        for model in (str(tmp_path), "a/b/c", "./x"):
            assert HuggingFaceSource(model).plan_download(SILENT) is None
        assert hub_server.questions == []

    def test_cancel(self, hub_server: HubStub) -> None:
        hub_server.answers[f"/api/models/{MODEL}"] = [silence]
        with pytest.raises(Cancelled):
            HuggingFaceSource(MODEL).plan_download(Watcher("asking the hub", Cancelled))


class TestOffline:
    def test_what_is_cached_works_and_the_rest_explains_itself(
        self, tiny_hub: HubStub, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        fetch(planned(), SILENT)
        monkeypatch.setenv("HF_HUB_OFFLINE", "1")
        assert HuggingFaceSource(MODEL).plan_download(SILENT) is None
        opened(MODEL)
        with pytest.raises(SourceError, match="HF_HUB_OFFLINE is set; unset it"):
            planned("org/other")

    def test_a_hub_out_of_reach(self, hub_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        with socket.socket() as nobody:
            nobody.bind(("127.0.0.1", 0))
            monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{nobody.getsockname()[1]}")
        with pytest.raises(SourceError, match=r"The hub cannot be reached for org/tiny .*check the connection"):
            planned()

    def test_opening_never_asks(self, tiny_hub: HubStub) -> None:
        with pytest.raises(NotDownloaded, match=r"org/tiny is not on this computer yet.*--download") as caught:
            opened(MODEL)
        assert caught.value.model == MODEL
        assert HuggingFaceSource(MODEL).stamp is None
        assert tiny_hub.questions == []


@pytest.mark.parametrize(
    ("gone", "lacking"),
    [
        ("vocab.json", "its tokenizer"),
        ("model-00002-of-00002.safetensors", "its weights"),
        ("model.safetensors.index.json", ""),
        ("model-00001-of-00002.safetensors", ""),
        ("config.json", ""),
    ],
)
def test_half_a_model_is_not_taken_for_a_whole_one(hub_folder: Path, gone: str, lacking: str) -> None:
    snapshot = hub_folder / "snapshots" / COMMIT
    snapshot.parent.mkdir(parents=True)
    write_shards(snapshot)
    (snapshot / gone).unlink()
    if not lacking:
        assert hub.model_folder(MODEL) == snapshot
        opened(MODEL)
    else:
        with pytest.raises(NotDownloaded, match=f"org/tiny lacks {lacking} on this computer; get it with Download"):
            opened(MODEL)


def test_a_link_to_a_deleted_blob_is_a_lacking_file(hub_folder: Path) -> None:
    snapshot = hub_folder / "snapshots" / COMMIT
    snapshot.mkdir(parents=True)
    write_model(snapshot)
    (snapshot / "model.safetensors").unlink()
    (snapshot / "model.safetensors").symlink_to("../../blobs/gone")
    with pytest.raises(NotDownloaded, match="lacks its weights"):
        opened(MODEL)

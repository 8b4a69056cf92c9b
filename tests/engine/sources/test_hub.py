"""Models of the Hugging Face hub, fetched from a stand-in for it on loopback."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save, save_file

from engine import cache
from engine.downloads import Download, fetch
from engine.errors import NotDownloaded, SourceError
from engine.progress import SILENT, Cancelled
from engine.sources import hub
from engine.sources.huggingface import HuggingFaceSource
from tests.engine.downloads.stub import Answer, content, redirect, silence, status
from tests.engine.sources.hub_stub import COMMIT, HubStub
from tests.engine.sources.small_models import all_rows, matrix, opened, write_json, write_model, write_tokens
from tests.engine.sources.vector_files import Watcher
from tests.own_cache import use_cache

MODEL = "org/tiny"
OTHER_COMMIT = "f" * 40


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty hub cache, for this process and for those it starts, and a cache of our own."""
    from huggingface_hub import constants

    use_cache(monkeypatch, tmp_path / "own")
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setenv("HF_HUB_OFFLINE", "0")
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    assert cache.folder().is_relative_to(tmp_path)
    return tmp_path / "hub" / "models--org--tiny"


@pytest.fixture
def stub(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[HubStub]:
    server = HubStub()
    monkeypatch.setenv("HF_ENDPOINT", server.url(""))
    yield server
    server.close()


@pytest.fixture
def tiny(stub: HubStub, tmp_path: Path) -> HubStub:
    """A hub that offers a small model with what belongs to it and what nobody needs."""
    offered = write_model(tmp_path / "offered")
    write_json(offered / "config.json", {"model_type": "gpt2"})
    for name in ("README.md", "pytorch_model.bin", "tf_model.h5", "onnx.bin"):
        (offered / name).write_bytes(b"not needed")
    stub.put(MODEL, offered, cardData={"license": "mit"})
    return stub


def write_shards(folder: Path) -> None:
    """The weights of a model in two files, of which the second has the token matrix."""
    write_tokens(folder)
    save_file({"h.0.weight": matrix(50, 7)}, folder / "model-00001-of-00002.safetensors")
    save_file({"wte.weight": matrix()}, folder / "model-00002-of-00002.safetensors")
    names = {"h.0.weight": "model-00001-of-00002.safetensors", "wte.weight": "model-00002-of-00002.safetensors"}
    write_json(folder / "model.safetensors.index.json", {"metadata": {}, "weight_map": names})
    write_json(folder / "config.json", {"model_type": "gpt2"})


def planned(model: str = MODEL) -> Download:
    plan = HuggingFaceSource(model).plan_download(SILENT)
    assert plan is not None
    return plan


def names(plan: Download) -> list[str]:
    return [file.name for file in plan.files]


class TestThePlan:
    def test_only_what_the_choice_needs_and_its_size(self, tiny: HubStub, folder: Path, tmp_path: Path) -> None:
        plan = planned()
        assert names(plan) == ["vocab.json", "config.json", "model.safetensors"]
        assert plan.size == sum((tmp_path / "offered" / name).stat().st_size for name in names(plan))
        assert (plan.title, plan.folder, plan.licence) == (MODEL, folder, "mit")
        assert plan.description == "Tokenizer and token matrix, from model.safetensors."
        assert not folder.exists(), "a plan leaves nothing behind"
        assert "hf_secret" not in repr(plan)

    def test_one_file_has_the_whole_tokenizer(self, tiny: HubStub, tmp_path: Path) -> None:
        for name in ("tokenizer.json", "tokenizer_config.json", "merges.txt"):
            write_json(tmp_path / "offered" / name, {"name": name})
        tiny.put(MODEL, tmp_path / "offered")
        assert names(planned())[:-1] == ["tokenizer.json", "tokenizer_config.json", "config.json"]

    def test_of_sharded_weights_only_those_with_the_token_matrix(self, stub: HubStub, tmp_path: Path) -> None:
        write_shards(tmp_path / "offered")
        stub.put(MODEL, tmp_path / "offered")
        wanted = ["model.safetensors.index.json", "model-00002-of-00002.safetensors"]
        assert names(planned())[-2:] == wanted
        layers = hub.plan_download(MODEL, 3, SILENT)
        assert layers is not None
        assert names(layers)[-3:] == [wanted[0], "model-00001-of-00002.safetensors", wanted[1]]
        assert "all layers" in layers.description

    def test_other_weights_only_if_there_are_no_safetensors_and_with_a_word(
        self, stub: HubStub, tmp_path: Path
    ) -> None:
        offered = write_tokens(tmp_path / "offered")
        (offered / "pytorch_model.bin").write_bytes(b"weights")
        stub.put(MODEL, offered)
        plan = planned()
        assert names(plan) == ["vocab.json", "pytorch_model.bin"]
        assert "no safetensors" in plan.description

    def test_what_is_there_is_not_planned(self, tiny: HubStub) -> None:
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
        self, stub: HubStub, files: dict[str, bytes], message: str
    ) -> None:
        stub.offer(MODEL, files)
        with pytest.raises(SourceError, match=message):
            planned()

    def test_folders_and_impossible_ids_need_no_hub(self, stub: HubStub, tmp_path: Path) -> None:
        for model in (str(tmp_path), "a/b/c", "./x"):
            assert HuggingFaceSource(model).plan_download(SILENT) is None
        assert stub.questions == []

    def test_cancel(self, stub: HubStub) -> None:
        stub.answers[f"/api/models/{MODEL}"] = [silence]
        with pytest.raises(Cancelled):
            HuggingFaceSource(MODEL).plan_download(Watcher("asking the hub", Cancelled))


@pytest.mark.slow
class TestFetching:
    def test_a_fetched_model_is_opened(self, tiny: HubStub, folder: Path) -> None:
        fetch(planned(), SILENT)
        space = opened(MODEL, "either")
        assert dict(space.lookup(SILENT)) == {"moon": 2, "star": 3, "comet": 4}
        np.testing.assert_array_equal(all_rows(space), matrix()[2:])
        assert tiny.asked_for() >= {"vocab.json", "config.json", "model.safetensors"}
        assert not tiny.asked_for() & {"README.md", "pytorch_model.bin", "tf_model.h5", "onnx.bin"}
        assert HuggingFaceSource(MODEL).stamp is not None

    def test_huggingface_hub_itself_finds_it(self, tiny: HubStub, folder: Path) -> None:
        from huggingface_hub import scan_cache_dir, try_to_load_from_cache

        fetch(planned(), SILENT)
        found = try_to_load_from_cache(MODEL, "model.safetensors", cache_dir=folder.parent)
        assert found == str(folder / "snapshots" / COMMIT / "model.safetensors")
        report = scan_cache_dir(folder.parent)
        assert report.warnings == []
        (repo,) = report.repos
        assert (repo.repo_id, repo.nb_files, list(repo.refs)) == (MODEL, 3, ["main"])

    def test_nothing_is_asked_again(self, tiny: HubStub) -> None:
        fetch(planned(), SILENT)
        tiny.questions.clear()
        assert HuggingFaceSource(MODEL).plan_download(SILENT) is None
        opened(MODEL)
        assert tiny.questions == []

    def test_only_the_hub_is_told_who_asks(self, tiny: HubStub) -> None:
        fetch(planned(), SILENT)
        assert {question.path.split("/")[1] for question in tiny.questions} == {"api", "org"}
        assert [question.path for question in tiny.questions if "/api/" in question.path] == [
            f"/api/models/{MODEL}?blobs=true"
        ]
        assert {question.authorization for question in tiny.questions} == {"Bearer hf_secret"}
        assert {question.authorization for question in tiny.far.questions} == {None}

    def test_a_cut_transfer_goes_on(self, tiny: HubStub, tmp_path: Path) -> None:
        whole = (tmp_path / "offered" / "model.safetensors").read_bytes()
        tiny.far.answers["/model.safetensors"] = [content(whole, cut=60), content(whole)]
        fetch(planned(), SILENT)
        opened(MODEL)
        assert tiny.far.ranges("/model.safetensors") == [None, "bytes=60-"]

    def test_damaged_weights_are_not_taken(self, tiny: HubStub, tmp_path: Path, folder: Path) -> None:
        whole = (tmp_path / "offered" / "model.safetensors").read_bytes()
        tiny.far.answers["/model.safetensors"] = [content(whole[:-1] + b"x")]
        with pytest.raises(SourceError, match="checksum"):
            fetch(planned(), SILENT)
        assert not list(folder.glob("snapshots/*/*"))
        with pytest.raises(NotDownloaded):
            opened(MODEL)

    def test_of_sharded_weights_one_is_fetched_and_read(self, stub: HubStub, tmp_path: Path) -> None:
        write_shards(tmp_path / "offered")
        stub.put(MODEL, tmp_path / "offered")
        fetch(planned(), SILENT)
        np.testing.assert_array_equal(all_rows(opened(MODEL)), matrix()[[1, 3]])
        assert [question.path for question in stub.far.questions] == ["/model-00002-of-00002.safetensors"]
        with pytest.raises(NotDownloaded, match="lacks the weights of its layers"):
            hub.model_folder(MODEL, 3)
        layers = hub.plan_download(MODEL, 3, SILENT)
        assert layers is not None
        assert names(layers) == ["model-00001-of-00002.safetensors"]
        fetch(layers, SILENT)
        assert hub.model_folder(MODEL, 3) == hub.model_folder(MODEL)

    def test_a_model_that_has_moved(self, tiny: HubStub) -> None:
        tiny.answers["/api/models/tiny"] = [redirect(f"/api/models/{MODEL}", 307)]
        for path in [path for path in tiny.answers if path.startswith(f"/{MODEL}/resolve/")]:
            tiny.answers[path.replace(MODEL, "tiny")] = [redirect(path, 307)]
        fetch(planned("tiny"), SILENT)
        assert "moon" in opened("tiny").lookup(SILENT)

    def test_a_new_commit_fetches_only_what_is_new(self, tiny: HubStub, tmp_path: Path, folder: Path) -> None:
        fetch(planned(), SILENT)
        (folder / "snapshots" / COMMIT / "model.safetensors").unlink()
        save_file({"wte.weight": matrix() + 1}, tmp_path / "offered" / "model.safetensors")
        tiny.put(MODEL, tmp_path / "offered", OTHER_COMMIT)
        plan = planned()
        assert names(plan) == ["model.safetensors"]
        fetch(plan, SILENT)
        np.testing.assert_array_equal(all_rows(opened(MODEL)), matrix()[[1, 3]] + 1)

    def test_cancelled_while_the_hub_is_asked_to_finish(self, tiny: HubStub, folder: Path) -> None:
        plan = planned()
        real = tiny.answers[f"/{MODEL}/resolve/{COMMIT}/config.json"]
        fetch(Download(plan.title, plan.files, plan.folder), SILENT)
        tiny.answers[f"/{MODEL}/resolve/{COMMIT}/config.json"] = [silence]
        with pytest.raises(Cancelled):
            fetch(plan, Watcher("checking config.json of org/tiny with the hub", Cancelled))
        with pytest.raises(NotDownloaded):
            opened(MODEL)
        tiny.answers[f"/{MODEL}/resolve/{COMMIT}/config.json"] = real
        again = planned()
        assert (again.files, again.size) == ((), 0)
        fetch(again, SILENT)
        assert "moon" in opened(MODEL).lookup(SILENT)


class TestRefusals:
    def refused(self, message: str) -> SourceError:
        with pytest.raises(SourceError, match=message) as caught:
            planned()
        assert "hf_secret" not in str(caught.value)
        return caught.value

    def test_a_gated_model_says_how_to_log_in(self, tiny: HubStub, tmp_path: Path) -> None:
        tiny.put(MODEL, tmp_path / "offered", gated="manual")
        tiny.answers[f"/api/models/{MODEL}/auth-check"] = [status(403, X_Error_Code="GatedRepo")]
        self.refused(rf"accept its terms; see http://127.0.0.1.*/{MODEL}, then log in with `hf auth login`")

    def test_a_gated_model_one_may_have_is_fetched(self, tiny: HubStub, tmp_path: Path) -> None:
        tiny.put(MODEL, tmp_path / "offered", gated="auto")
        tiny.answers[f"/api/models/{MODEL}/auth-check"] = [status(200)]
        fetch(planned(), SILENT)
        opened(MODEL)

    @pytest.mark.parametrize("code", [401, 403])
    def test_a_file_that_is_refused_says_so_too(self, tiny: HubStub, code: int) -> None:
        plan = planned()
        tiny.answers[f"/{MODEL}/resolve/{COMMIT}/model.safetensors"] = [status(code)]
        with pytest.raises(SourceError, match=r"accept its terms.*hf auth login"):
            fetch(plan, SILENT)

    @pytest.mark.parametrize(
        "answer", [status(401, X_Error_Code="RepoNotFound"), status(404, X_Error_Code="RepoNotFound"), status(404)]
    )
    def test_a_wrong_id_or_a_private_model(self, stub: HubStub, answer: Answer) -> None:
        stub.answers[f"/api/models/{MODEL}"] = [answer]
        error = self.refused("has no model org/tiny, or it is private; check the id, or log in with `hf auth login`")
        assert error.concerns == "model"

    def test_a_token_that_is_not_valid(self, stub: HubStub) -> None:
        message = "Invalid credentials in Authorization header"
        stub.answers[f"/api/models/{MODEL}"] = [status(401, X_Error_Message=message)]
        self.refused("your token is not valid.*hf auth login")

    @pytest.mark.parametrize("code", [429, 500, 503])
    def test_a_hub_that_is_busy(self, stub: HubStub, code: int) -> None:
        stub.answers[f"/api/models/{MODEL}"] = [status(code)]
        self.refused(f"does not give org/tiny .{code}.; try again later")

    def test_a_proxys_page_instead(self, stub: HubStub) -> None:
        stub.answers[f"/api/models/{MODEL}"] = [content(b"<html>log in", kind="text/html")]
        self.refused("hub cannot be reached")

    def test_an_id_that_cannot_be(self, stub: HubStub) -> None:
        with pytest.raises(SourceError, match="cannot be the id of a model"):
            planned("a--b")


class TestOffline:
    def test_what_is_cached_works_and_the_rest_explains_itself(
        self, tiny: HubStub, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        fetch(planned(), SILENT)
        monkeypatch.setenv("HF_HUB_OFFLINE", "1")
        assert HuggingFaceSource(MODEL).plan_download(SILENT) is None
        opened(MODEL)
        with pytest.raises(SourceError, match="HF_HUB_OFFLINE is set; unset it"):
            planned("org/other")

    def test_a_hub_out_of_reach(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        with socket.socket() as nobody:
            nobody.bind(("127.0.0.1", 0))
            monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{nobody.getsockname()[1]}")
        with pytest.raises(SourceError, match=r"The hub cannot be reached for org/tiny .*check the connection"):
            planned()

    def test_opening_never_asks(self, tiny: HubStub) -> None:
        with pytest.raises(NotDownloaded, match=r"org/tiny is not on this computer yet.*--download") as caught:
            opened(MODEL)
        assert caught.value.model == MODEL
        assert HuggingFaceSource(MODEL).stamp is None
        assert tiny.questions == []


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
def test_half_a_model_is_not_taken_for_a_whole_one(folder: Path, gone: str, lacking: str) -> None:
    snapshot = folder / "snapshots" / COMMIT
    snapshot.parent.mkdir(parents=True)
    write_shards(snapshot)
    (snapshot / gone).unlink()
    if not lacking:
        assert hub.model_folder(MODEL) == snapshot
        opened(MODEL)
    else:
        with pytest.raises(NotDownloaded, match=f"org/tiny lacks {lacking} on this computer; get it with Download"):
            opened(MODEL)


def test_a_link_to_a_deleted_blob_is_a_lacking_file(folder: Path) -> None:
    snapshot = folder / "snapshots" / COMMIT
    snapshot.mkdir(parents=True)
    write_model(snapshot)
    (snapshot / "model.safetensors").unlink()
    (snapshot / "model.safetensors").symlink_to("../../blobs/gone")
    with pytest.raises(NotDownloaded, match="lacks its weights"):
        opened(MODEL)

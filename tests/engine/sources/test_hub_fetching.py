"""Files fetched from the hub: resumed, checked, shared with other programs, or refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from engine.downloads import Download, fetch
from engine.errors import NotDownloaded, SourceError
from engine.progress import SILENT, Cancelled
from engine.sources import hub
from engine.sources.huggingface import HuggingFaceSource
from tests.engine.downloads.stub import Answer, content, redirect, silence, status
from tests.engine.sources.hub_models import MODEL, OTHER_COMMIT, names, planned, write_shards
from tests.engine.sources.hub_stub import COMMIT, HubStub
from tests.engine.sources.small_models import all_rows, matrix, opened
from tests.engine.sources.vector_files import Watcher


@pytest.mark.slow
class TestFetching:
    def test_a_fetched_model_is_opened(self, tiny_hub: HubStub, hub_folder: Path) -> None:
        fetch(planned(), SILENT)
        space = opened(MODEL, "either")
        assert dict(space.lookup(SILENT)) == {"moon": 2, "star": 3, "comet": 4}
        np.testing.assert_array_equal(all_rows(space), matrix()[2:])
        assert tiny_hub.asked_for() >= {"vocab.json", "config.json", "model.safetensors"}
        assert not tiny_hub.asked_for() & {"README.md", "pytorch_model.bin", "tf_model.h5", "onnx.bin"}
        assert HuggingFaceSource(MODEL).stamp is not None

    def test_huggingface_hub_itself_finds_it(self, tiny_hub: HubStub, hub_folder: Path) -> None:
        from huggingface_hub import scan_cache_dir, try_to_load_from_cache

        fetch(planned(), SILENT)
        found = try_to_load_from_cache(MODEL, "model.safetensors", cache_dir=hub_folder.parent)
        assert found == str(hub_folder / "snapshots" / COMMIT / "model.safetensors")
        report = scan_cache_dir(hub_folder.parent)
        assert report.warnings == []
        (repo,) = report.repos
        assert (repo.repo_id, repo.nb_files, list(repo.refs)) == (MODEL, 3, ["main"])

    def test_nothing_is_asked_again(self, tiny_hub: HubStub) -> None:
        fetch(planned(), SILENT)
        tiny_hub.questions.clear()
        assert HuggingFaceSource(MODEL).plan_download(SILENT) is None
        opened(MODEL)
        assert tiny_hub.questions == []

    def test_only_the_hub_is_told_who_asks(self, tiny_hub: HubStub) -> None:
        fetch(planned(), SILENT)
        assert {question.path.split("/")[1] for question in tiny_hub.questions} == {"api", "org"}
        assert [question.path for question in tiny_hub.questions if "/api/" in question.path] == [
            f"/api/models/{MODEL}?blobs=true"
        ]
        assert {question.authorization for question in tiny_hub.questions} == {"Bearer hf_secret"}
        assert {question.authorization for question in tiny_hub.far.questions} == {None}

    def test_a_cut_transfer_goes_on(self, tiny_hub: HubStub, tmp_path: Path) -> None:
        whole = (tmp_path / "offered" / "model.safetensors").read_bytes()
        tiny_hub.far.answers["/model.safetensors"] = [content(whole, cut=60), content(whole)]
        fetch(planned(), SILENT)
        opened(MODEL)
        assert tiny_hub.far.ranges("/model.safetensors") == [None, "bytes=60-"]

    def test_damaged_weights_are_not_taken(self, tiny_hub: HubStub, tmp_path: Path, hub_folder: Path) -> None:
        whole = (tmp_path / "offered" / "model.safetensors").read_bytes()
        tiny_hub.far.answers["/model.safetensors"] = [content(whole[:-1] + b"x")]
        with pytest.raises(SourceError, match="checksum"):
            fetch(planned(), SILENT)
        assert not list(hub_folder.glob("snapshots/*/*"))
        with pytest.raises(NotDownloaded):
            opened(MODEL)

    def test_of_sharded_weights_one_is_fetched_and_read(self, hub_server: HubStub, tmp_path: Path) -> None:
        write_shards(tmp_path / "offered")
        hub_server.put(MODEL, tmp_path / "offered")
        fetch(planned(), SILENT)
        np.testing.assert_array_equal(all_rows(opened(MODEL)), matrix()[[1, 3]])
        assert [question.path for question in hub_server.far.questions] == ["/model-00002-of-00002.safetensors"]
        with pytest.raises(NotDownloaded, match="lacks the weights of its layers"):
            hub.model_folder(MODEL, 3)
        layers = hub.plan_download(MODEL, 3, SILENT)
        assert layers is not None
        assert names(layers) == ["model-00001-of-00002.safetensors"]
        fetch(layers, SILENT)
        assert hub.model_folder(MODEL, 3) == hub.model_folder(MODEL)

    def test_a_model_that_has_moved(self, tiny_hub: HubStub) -> None:
        tiny_hub.answers["/api/models/tiny"] = [redirect(f"/api/models/{MODEL}", 307)]
        for path in [path for path in tiny_hub.answers if path.startswith(f"/{MODEL}/resolve/")]:
            tiny_hub.answers[path.replace(MODEL, "tiny")] = [redirect(path, 307)]
        fetch(planned("tiny"), SILENT)
        assert "moon" in opened("tiny").lookup(SILENT)

    def test_a_new_commit_fetches_only_what_is_new(self, tiny_hub: HubStub, tmp_path: Path, hub_folder: Path) -> None:
        fetch(planned(), SILENT)
        (hub_folder / "snapshots" / COMMIT / "model.safetensors").unlink()
        save_file({"wte.weight": matrix() + 1}, tmp_path / "offered" / "model.safetensors")
        tiny_hub.put(MODEL, tmp_path / "offered", OTHER_COMMIT)
        plan = planned()
        assert names(plan) == ["model.safetensors"]
        fetch(plan, SILENT)
        np.testing.assert_array_equal(all_rows(opened(MODEL)), matrix()[[1, 3]] + 1)

    def test_cancelled_while_the_hub_is_asked_to_finish(self, tiny_hub: HubStub, hub_folder: Path) -> None:
        plan = planned()
        real = tiny_hub.answers[f"/{MODEL}/resolve/{COMMIT}/config.json"]
        fetch(Download(plan.title, plan.files, plan.folder), SILENT)
        tiny_hub.answers[f"/{MODEL}/resolve/{COMMIT}/config.json"] = [silence]
        with pytest.raises(Cancelled):
            fetch(plan, Watcher("checking config.json of org/tiny with the hub", Cancelled))
        with pytest.raises(NotDownloaded):
            opened(MODEL)
        tiny_hub.answers[f"/{MODEL}/resolve/{COMMIT}/config.json"] = real
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

    def test_a_gated_model_says_how_to_log_in(self, tiny_hub: HubStub, tmp_path: Path) -> None:
        tiny_hub.put(MODEL, tmp_path / "offered", gated="manual")
        tiny_hub.answers[f"/api/models/{MODEL}/auth-check"] = [status(403, X_Error_Code="GatedRepo")]
        self.refused(rf"accept its terms; see http://127.0.0.1.*/{MODEL}, then log in with `hf auth login`")

    def test_a_gated_model_one_may_have_is_fetched(self, tiny_hub: HubStub, tmp_path: Path) -> None:
        tiny_hub.put(MODEL, tmp_path / "offered", gated="auto")
        tiny_hub.answers[f"/api/models/{MODEL}/auth-check"] = [status(200)]
        fetch(planned(), SILENT)
        opened(MODEL)

    @pytest.mark.parametrize("code", [401, 403])
    def test_a_file_that_is_refused_says_so_too(self, tiny_hub: HubStub, code: int) -> None:
        plan = planned()
        tiny_hub.answers[f"/{MODEL}/resolve/{COMMIT}/model.safetensors"] = [status(code)]
        with pytest.raises(SourceError, match=r"accept its terms.*hf auth login"):
            fetch(plan, SILENT)

    @pytest.mark.parametrize(
        "answer", [status(401, X_Error_Code="RepoNotFound"), status(404, X_Error_Code="RepoNotFound"), status(404)]
    )
    def test_a_wrong_id_or_a_private_model(self, hub_server: HubStub, answer: Answer) -> None:
        hub_server.answers[f"/api/models/{MODEL}"] = [answer]
        error = self.refused("has no model org/tiny, or it is private; check the id, or log in with `hf auth login`")
        assert error.concerns == "model"

    def test_a_token_that_is_not_valid(self, hub_server: HubStub) -> None:
        message = "Invalid credentials in Authorization header"
        hub_server.answers[f"/api/models/{MODEL}"] = [status(401, X_Error_Message=message)]
        self.refused("your token is not valid.*hf auth login")

    @pytest.mark.parametrize("code", [429, 500, 503])
    def test_a_hub_that_is_busy(self, hub_server: HubStub, code: int) -> None:
        hub_server.answers[f"/api/models/{MODEL}"] = [status(code)]
        self.refused(f"does not give org/tiny .{code}.; try again later")

    def test_a_proxys_page_instead(self, hub_server: HubStub) -> None:
        hub_server.answers[f"/api/models/{MODEL}"] = [content(b"<html>log in", kind="text/html")]
        self.refused("hub cannot be reached")

    def test_an_id_that_cannot_be(self, hub_server: HubStub) -> None:
        with pytest.raises(SourceError, match="cannot be the id of a model"):
            planned("a--b")

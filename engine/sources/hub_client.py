"""Asking the Hugging Face hub through huggingface_hub; all of this runs in a process of its own."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from engine.downloads import Download, RemoteFile
from engine.errors import SourceError
from engine.progress import Progress
from engine.sources.hub_files import (
    EMBEDDING,
    SAFETENSORS,
    storage_folder,
    tokenizer_files,
    weight_files,
)
from engine.sources.token_matrix import INDEX, OTHER_WEIGHTS, WEIGHTS
from engine.sources.tokens import READERS
from engine.writing import write_atomically

if TYPE_CHECKING:
    from huggingface_hub.hf_api import ModelInfo, RepoSibling

LARGEST_INDEX = 64 << 20  # bytes
ANSWER = 5.0  # seconds that the hub is given to answer: the user waits too


def plan(model: str, layer: str | int, progress: Progress) -> Download:
    """What must be fetched of a model for a layer; see `engine.sources.hub.plan_download`."""
    progress.step(f"asking the hub for {model}")
    info = _asked(model)
    try:
        return _planned(model, layer, info)
    except (AttributeError, TypeError, ValueError):  # names that are numbers and the like
        raise SourceError(
            f"What the hub answers about {model} cannot be read; check HF_ENDPOINT, or try again later."
        ) from None


def _planned(model: str, layer: str | int, info: ModelInfo) -> Download:
    from engine.downloads.http import read

    files = {file.rfilename: file for file in info.siblings or () if "/" not in file.rfilename}
    tokenizer = tokenizer_files(files)
    if not tokenizer:
        raise SourceError(f"{model} has no tokenizer of a kind known here; choose a model with {next(iter(READERS))}.")
    weights = weight_files(files, layer, lambda name: read(_url(model, info, name), authorization(), LARGEST_INDEX))
    if not weights or not files.keys() >= set(weights):
        raise SourceError(f"{model} has no whole weights on the hub ({WEIGHTS}); choose another model.")
    wanted = [files[name] for name in (*tokenizer, *weights)]  # weights last: without them nothing is opened
    remote = {file.target: file for file in (_remote(model, info, one) for one in wanted)}  # of equal ones, one
    return Download(
        title=model,
        files=tuple(file for target, file in remote.items() if not target.is_file()),
        folder=storage_folder(model),
        licence=str((info.card_data and info.card_data.get("license")) or ""),
        description=_described(layer, weights),
        finish=partial(_link, model, str(info.sha), tuple(file.rfilename for file in wanted)),
    )


def _described(layer: str | int, weights: Sequence[str]) -> str:
    what = "token matrix" if layer == EMBEDDING else "all layers"
    if any(name.endswith(SAFETENSORS) for name in weights):
        return f"Tokenizer and {what}, from {', '.join(name for name in weights if name != INDEX)}."
    return (
        f"Tokenizer and {what}. There are no safetensors of this model: all of its {OTHER_WEIGHTS[0]} is fetched, "
        "and read with PyTorch's reader for weights only, which runs no code."
    )


def _asked(model: str) -> ModelInfo:
    """What the hub says of a model, its commit and files with their sizes."""
    _tell_nothing_else()
    from huggingface_hub import HfApi, errors

    try:
        api = HfApi()
        info = api.model_info(model, files_metadata=True, timeout=ANSWER)
        if info.gated:
            api.auth_check(model)
    except errors.OfflineModeIsEnabled:
        raise SourceError(f"{model} cannot be fetched while HF_HUB_OFFLINE is set; unset it and try again.") from None
    except errors.GatedRepoError:
        raise SourceError(_refused(model)) from None
    except errors.RepositoryNotFoundError:
        raise _unknown(model) from None
    except errors.HFValidationError:
        raise SourceError(f"{model} cannot be the id of a model; give one like gpt2.", "model") from None
    except errors.HfHubHTTPError as error:
        raise _answered(model, error.response.status_code) from None
    except Exception as error:  # of whatever library huggingface_hub asks with, or of what a proxy answers instead
        raise SourceError(
            f"The hub cannot be reached for {model} ({_shown(error)}); check the connection and try again, or choose a "
            "model that is on this computer."
        ) from None
    if not info.sha:
        raise SourceError(f"The hub tells no commit of {model}; check HF_ENDPOINT, or try again later.")
    return info


def _tell_nothing_else() -> None:
    """Or huggingface_hub asks a question of its own first, and tells what is installed; it reads this when imported."""
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")


def _shown(error: Exception) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())[:200]


def _unknown(model: str) -> SourceError:
    return SourceError(
        f"The hub has no model {model}, or it is private; check the id, or log in with `hf auth login`.", "model"
    )


def _answered(model: str, code: int) -> SourceError:
    if code == 404:  # mirrors do not all say it as the hub does
        return _unknown(model)
    if code in (401, 403):
        return SourceError(f"The hub refuses {model} ({code}): your token is not valid for it; {_login(model)}.")
    return SourceError(f"The hub does not give {model} ({code}); try again later.")


def _refused(model: str) -> str:
    return f"{model} is not given to everybody: accept its terms; {_login(model)}."


def _login(model: str) -> str:
    from huggingface_hub import constants

    return f"see {constants.ENDPOINT}/{model}, then log in with `hf auth login`"


def authorization() -> Mapping[str, str]:
    """What the hub is told of who asks: the user's token, if there is one."""
    _tell_nothing_else()
    from huggingface_hub import constants, get_token

    token = None if constants.HF_HUB_DISABLE_IMPLICIT_TOKEN else get_token()
    return {"Authorization": f"Bearer {token}"} if token else {}


def _url(model: str, info: ModelInfo, name: str) -> str:
    from huggingface_hub import hf_hub_url

    return hf_hub_url(model, name, revision=info.sha)


def _remote(model: str, info: ModelInfo, file: RepoSibling) -> RemoteFile:
    """A file of the hub, whose blob is called by its checksum: git's, or that of the content of large files."""
    digest = file.lfs.sha256 if file.lfs else file.blob_id
    if not digest or not re.fullmatch("[0-9a-f]{40}|[0-9a-f]{64}", digest):
        raise SourceError(f"The hub tells no checksum of {file.rfilename} of {model}; check HF_ENDPOINT.")
    return RemoteFile(
        url=_url(model, info, file.rfilename),
        target=storage_folder(model) / "blobs" / digest,
        size=file.lfs.size if file.lfs else file.size,
        checksum=f"{'sha256' if file.lfs else 'git-sha1'}:{digest}",
        name=file.rfilename,
        headers=authorization,
        refused=_refused(model),
    )


def _link(model: str, commit: str, names: Sequence[str], progress: Progress) -> None:
    """Nothing; makes a commit's folder of links to the blobs, and then the commit the main one."""
    _tell_nothing_else()
    from huggingface_hub import hf_hub_download

    for number, name in enumerate(names):
        progress.step(f"checking {name} of {model} with the hub", number / len(names))
        try:
            hf_hub_download(model, name, revision=commit)  # finds its blob and makes the link
        except Exception as error:  # of whatever library it asks with
            raise SourceError(
                f"{model} is here, but the hub does not answer for {name} ({_shown(error)}); fetch it again to finish."
            ) from None
    (storage_folder(model) / "refs").mkdir(exist_ok=True)
    write_atomically(storage_folder(model) / "refs" / "main", commit.encode())

"""Models of the Hugging Face hub: found on this computer, or fetched because the user asked.

Opening a model never touches the network. What is fetched lies where huggingface_hub itself puts it (blobs named by
their checksum, and a folder of links per commit), so that other programs find it too. huggingface_hub makes the links;
the contents come through `engine.downloads`, which can resume.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from engine.errors import SourceError
from engine.progress import Progress
from engine.sources.base import not_downloaded
from engine.sources.hub_files import EMBEDDING, find_snapshot, lacking

if TYPE_CHECKING:
    from engine.downloads import Download

HUB_ID = re.compile(r"\w[\w.-]*(/\w[\w.-]*)?", re.ASCII)


def model_folder(model: str, layer: str | int = EMBEDDING) -> Path:
    """The folder with a model's files: itself, or its snapshot in the hub's cache on this computer.

    Parameters
    ----------
    model : str
        A folder, or a hub id.
    layer : str or int
        As of `HuggingFaceSource`: what is asked of the model.

    Raises
    ------
    SourceError
        If there is no such folder.
    NotDownloaded
        If the hub's cache lacks the model, or what of it is needed.
    """
    path = Path(os.path.expanduser(model))
    if os.path.isdir(path):  # unlike Path.is_dir, this never raises
        return path
    if os.path.isfile(path):
        raise SourceError(f"{path} is a file; choose the folder with the whole model.")
    if not HUB_ID.fullmatch(model):
        raise SourceError(f"There is no folder {path}; choose where the model is now, or give a hub id like gpt2.")
    snapshot = find_snapshot(model)
    if snapshot is None:
        raise not_downloaded(model)
    if missing := lacking(snapshot, layer):
        raise not_downloaded(model, missing)
    return snapshot


def plan_download(model: str, layer: str | int, progress: Progress) -> Download | None:
    """What must be fetched of a model before a layer of it can be read; None if nothing.

    Raises
    ------
    SourceError
        If there is no such model, it is not given to everybody, or the hub does not answer within seconds.
    """
    if os.path.exists(os.path.expanduser(model)) or not HUB_ID.fullmatch(model):
        return None  # no model of the hub; opening it says what is wrong, if anything is
    snapshot = find_snapshot(model)
    if snapshot and not lacking(snapshot, layer):
        return None
    from engine.child import call_once  # what only downloads need
    from engine.sources.hub_client import plan

    return call_once(plan, model, layer, progress=progress)

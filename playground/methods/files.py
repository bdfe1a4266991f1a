"""files.*: an upload is asked for, sent, and completed; only then does a file exist."""

from __future__ import annotations

from dataclasses import dataclass

from playground.arguments import Arguments, check_message
from playground.objects import file_json
from playground.tickets import RefusedError
from playground.values import Channel, File, Json
from playground.workspace import Workspace


@dataclass(slots=True)
class Upload:
    name: str
    length: int
    content: bytes | None = None


class Uploads:
    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._waiting: dict[str, Upload] = {}

    def ask(self, call: Arguments) -> Json:
        upload = Upload(call.required("filename"), call.number("length", 0))
        if upload.length < 1:
            raise RefusedError("invalid_arguments")
        identity = self._workspace.new_id("F")
        self._waiting[identity] = upload
        return {"file_id": identity, "upload_url": f"{self._workspace.url}/upload/{identity}"}

    def receive(self, identity: str, content: bytes) -> bool:
        """Keep what was sent, if it was asked for in this length."""
        upload = self._waiting.get(identity)
        if upload is None or len(content) != upload.length:
            return False
        upload.content = content
        return True

    def complete(self, call: Arguments) -> Json:
        named = call.json("files", "invalid_arguments") or []
        channels = [self._shared_with(call, name) for name in call.names("channels") or call.names("channel_id")]
        blocks = call.json("blocks", "invalid_blocks_format") or []
        if blocks:
            check_message("", blocks)
        files = [self._finish(item, channels) for item in named]
        for channel in channels:
            self._share(call, channel, files, blocks)
        return {"files": [file_json(self._workspace, file) for file in files]}

    def _shared_with(self, call: Arguments, name: str) -> Channel:
        return Arguments(call.workspace, {"channel": name}).channel(writable=True)

    def _finish(self, item: Json, channels: list[Channel]) -> File:
        upload = self._waiting.get(str(item.get("id")))
        if upload is None or upload.content is None:
            raise RefusedError("file_not_found")
        identity = str(item["id"])
        del self._waiting[identity]
        shared = tuple(channel.id for channel in channels)
        title = item.get("title") or upload.name
        return self._workspace.keep_file(
            upload.name, upload.content, owner=self._workspace.app.id, id=identity, title=title, channels=shared
        )

    def _share(self, call: Arguments, channel: Channel, files: list[File], blocks: list[Json]) -> None:
        self._workspace.post(
            channel.id,
            self._workspace.app.id,
            call.text("initial_comment"),
            blocks=blocks,
            thread_ts=call.text("thread_ts") or None,
            files=tuple(files),
            subtype="file_share",
        )


def info(call: Arguments) -> Json:
    return {"file": file_json(call.workspace, _seen(call)), "comments": []}


def delete(call: Arguments) -> Json:
    file = _seen(call)
    if file.owner != call.workspace.app.id:
        raise RefusedError("cant_delete_file")
    with call.workspace.change():
        del call.workspace.files[file.id]
    return {}


def _seen(call: Arguments) -> File:
    """A file of the app's own, or of a conversation that it is in."""
    file = call.workspace.files.get(call.required("file"))
    if file is None or not call.workspace.shows_app(file):
        raise RefusedError("file_not_found")
    return file

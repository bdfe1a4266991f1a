"""A kept file as an HTTP answer."""

from __future__ import annotations

import io

import flask

from playground.values import File

# What a browser may show in the page itself; anything else, SVG above all, is only ever downloaded.
PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp")


def attachment(file: File) -> flask.Response:
    stream = io.BytesIO(file.content)
    return flask.send_file(stream, file.mimetype, as_attachment=True, download_name=file.name)


def picture(file: File) -> flask.Response:
    if file.mimetype not in PICTURES:
        flask.abort(404)
    return flask.send_file(io.BytesIO(file.content), file.mimetype)

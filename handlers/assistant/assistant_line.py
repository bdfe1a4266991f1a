"""The line to a language model: one question, one answer, bounded in time and size.

pydantic-ai is an extra, and takes a second to import: only what is done here needs it, and only then.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import Any, Literal
from urllib.parse import urlsplit

LARGEST = 64 * 1024
NO_KEY = "none"
TOO_MANY = 429
PARTS = {"text", "tool-call", "thinking"}


@dataclass(frozen=True)
class Endpoint:
    """Where a model is asked, and which."""

    url: str
    model: str
    key: str = field(repr=False)
    api: Literal["openai", "anthropic"]

    @property
    def host(self) -> str:
        return urlsplit(self.url).netloc

    @property
    def is_open(self) -> bool:
        """Others on the network could read along."""
        parts = urlsplit(self.url)
        return parts.scheme == "http" and parts.hostname not in {"localhost", "127.0.0.1", "::1"}


@dataclass(frozen=True)
class Tool:
    """What a model may choose; `schema` is that of its arguments."""

    name: str
    about: str
    schema: Mapping[str, Any]


@dataclass(frozen=True)
class Said:
    """What came back: words, and (tool, arguments as JSON or parsed) for each that was chosen."""

    text: str
    chosen: tuple[tuple[str, Any], ...]


class Unhelped(Exception):
    """Why a model was of no help, in a word for figures and log; down: for the endpoint's fault, not its answer's."""

    def __init__(self, reason: str, *, down: bool = False) -> None:
        super().__init__(reason)
        self.reason, self.down = reason, down


class Oversize(Exception):
    """More came than any answer of use has."""


def installed() -> bool:
    """Whether the extra is."""
    return all(find_spec(name) for name in ("pydantic_ai", "openai", "anthropic"))


def prepare(endpoint: Endpoint) -> None:
    """Import what is needed, so that nobody's first question waits for it."""
    from pydantic_ai import direct  # noqa: F401, PLC0415

    _library(endpoint)


def asked(endpoint: Endpoint, instructions: str, text: str, tools: Sequence[Tool], *, seconds: float) -> Said:
    """The model's answer; raises Unhelped. In a thread of its own: whoever asks may stand in a loop already."""
    prepare(endpoint)
    with ThreadPoolExecutor(1) as alone:
        return alone.submit(_settled, endpoint, instructions, text, tools, seconds).result()


def _settled(endpoint: Endpoint, instructions: str, text: str, tools: Sequence[Tool], seconds: float) -> Said:
    """In a loop of its own: asyncio.run would wait for a name server that hangs."""
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(_within(seconds, lambda: _asked(endpoint, instructions, text, tools)))
    except Unhelped:
        raise
    except Exception as error:  # noqa: BLE001  whatever a stranger on the network sends
        raise _why(error) from None
    finally:
        loop.close()


async def _within(seconds: float, ask: Callable[[], Awaitable[Said]]) -> Said:
    async with asyncio.timeout(max(seconds, 0.01)):
        return await ask()


async def _asked(endpoint: Endpoint, instructions: str, text: str, tools: Sequence[Tool]) -> Said:
    from pydantic_ai.direct import model_request  # noqa: PLC0415
    from pydantic_ai.messages import ModelRequest, UserPromptPart  # noqa: PLC0415
    from pydantic_ai.models import ModelRequestParameters  # noqa: PLC0415
    from pydantic_ai.tools import ToolDefinition  # noqa: PLC0415

    defined = [
        ToolDefinition(name=each.name, description=each.about, parameters_json_schema=dict(each.schema))
        for each in tools
    ]
    async with _client() as client:
        answer = await model_request(
            _library(endpoint)(client),
            [ModelRequest(parts=[UserPromptPart(text)], instructions=instructions)],
            model_request_parameters=ModelRequestParameters(function_tools=defined),
        )
    return _said(answer)


def _said(answer: Any) -> Said:
    kinds = {part.part_kind for part in answer.parts}
    if answer.finish_reason == "content_filter" or not kinds:
        raise Unhelped("declined")
    if kinds - PARTS:
        raise Unhelped("malformed", down=True)
    text = "".join(part.content for part in answer.parts if part.part_kind == "text")
    chosen = tuple((part.tool_name, part.args) for part in answer.parts if part.part_kind == "tool-call")
    return Said(text.strip(), chosen)


def _client() -> Any:
    """Follows no redirect, for what leaves is recorded with the host that it was meant for; honours proxies."""
    import httpx2  # noqa: PLC0415

    class Bounded(httpx2.AsyncByteStream):  # type: ignore[misc]
        def __init__(self, stream: Any) -> None:
            self._stream = stream

        async def __aiter__(self) -> AsyncIterator[bytes]:
            size = 0
            async for chunk in self._stream:
                size += len(chunk)
                if size > LARGEST:
                    raise Oversize
                yield chunk

        async def aclose(self) -> None:
            await self._stream.aclose()

    async def bound(response: Any) -> None:
        if response.headers.get("content-encoding", "identity") != "identity":
            raise Oversize
        response.stream = Bounded(response.stream)

    return httpx2.AsyncClient(
        event_hooks={"response": [bound]}, headers={"accept-encoding": "identity"}, follow_redirects=False
    )


def _library(endpoint: Endpoint) -> Callable[[Any], Any]:
    """A model from a client. Address and key are given, so that no variable of the environment decides."""
    given = {"api_key": endpoint.key or NO_KEY, "base_url": endpoint.url, "max_retries": 0}
    if endpoint.api == "anthropic":
        from anthropic import AsyncAnthropic  # noqa: PLC0415
        from pydantic_ai.models.anthropic import AnthropicModel  # noqa: PLC0415
        from pydantic_ai.providers.anthropic import AnthropicProvider  # noqa: PLC0415

        return lambda client: AnthropicModel(
            endpoint.model,
            provider=AnthropicProvider(anthropic_client=AsyncAnthropic(http_client=client, **given)),
        )
    from openai import AsyncOpenAI  # noqa: PLC0415
    from pydantic_ai.models.openai import OpenAIChatModel  # noqa: PLC0415
    from pydantic_ai.providers.openai_compatible import OpenAICompatibleProvider  # noqa: PLC0415

    return lambda client: OpenAIChatModel(
        endpoint.model,
        provider=OpenAICompatibleProvider("endpoint", openai_client=AsyncOpenAI(http_client=client, **given)),
    )


def _why(error: BaseException) -> Unhelped:
    """The first of the errors behind an error that says something."""
    from pydantic_ai import exceptions  # noqa: PLC0415

    for each in _behind(error):
        if isinstance(each, Oversize):
            return Unhelped("oversize", down=True)
        if isinstance(each, TimeoutError | exceptions.ModelTimeoutError):
            return Unhelped("timeout", down=True)
        if isinstance(each, exceptions.ContentFilterError):
            return Unhelped("declined")
        status = getattr(each, "status_code", None)
        if isinstance(status, int):
            return Unhelped(f"http_{status}" if status == TOO_MANY else f"http_{status // 100}xx", down=True)
    if isinstance(error, exceptions.ModelConnectionError | OSError):
        return Unhelped("unreachable", down=True)
    return Unhelped("malformed", down=True)


def _behind(error: BaseException | None) -> Sequence[BaseException]:
    found: list[BaseException] = []
    while error is not None and error not in found:
        found.append(error)
        error = error.__cause__ or error.__context__
    return found

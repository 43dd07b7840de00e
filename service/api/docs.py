"""/docs, the API page without the internet, / with the addresses to begin at, and the pages that problem types name."""

from html import escape
from urllib.parse import quote

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from service.api.caching import published
from service.api.problems import KINDS, Refused
from service.api.security import DOCS_POLICY, PAGE_POLICY
from service.examples import FIRST_QUESTION
from service.page import framed

router = APIRouter(include_in_schema=False)

HTML = "text/html; charset=utf-8"
_DOCS = """<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>通行 Tongxing API</title>
<link rel="icon" href="/assets/favicon.svg">
<link rel="stylesheet" href="/assets/swagger-ui/swagger-ui.css">
</head>
<body>
<div id="swagger-ui"></div>
<script src="/assets/swagger-ui/swagger-ui-bundle.js"></script>
<script src="/assets/docs.js"></script>
</body>
</html>
"""


@router.get("/docs")
async def docs(request: Request) -> Response:
    return _html(request, _DOCS, DOCS_POLICY)


@router.get("/")
async def index(request: Request) -> Response:
    question = quote(FIRST_QUESTION, safe="/?&=:")
    return _page(
        request,
        "通行 Tongxing",
        f"""<h1>通行 Tongxing</h1>
<p>这辆车现在能否进入?依据是哪一条?
<span lang="en">May this vehicle enter here now, and which article says so?</span></p>
<ul>
<li><a href="{escape(question)}">一个问题 / one question</a></li>
<li><a href="/docs">接口文档 / API page</a></li>
<li><a href="/v1/zones/sy-second-ring/timetable?format=csv">一周时刻表 / a week as a table (CSV)</a></li>
<li><a href="/v1/notices">通告 / notices</a></li>
<li><a href="/v1/zones">区域 / zones</a></li>
<li><a href="/v1/about">关于 / about</a></li>
</ul>""",
    )


@router.get("/problems/{slug}")
async def problem_type(slug: str, request: Request) -> Response:
    kind = KINDS.get(slug)
    if kind is None:
        raise Refused("not-found")
    return _page(
        request,
        kind.title,
        f'<h1>{kind.status} {escape(kind.title)}</h1>\n<p>{escape(kind.zh)}</p>\n<p lang="en">{escape(kind.en)}</p>',
    )


def _page(request: Request, title: str, body: str) -> Response:
    return _html(request, framed(title, body), PAGE_POLICY)


def _html(request: Request, text: str, policy: str) -> Response:
    """A page that is the same for everybody, and another only with another release."""
    return published(request, text.encode(), HTML, {"Content-Security-Policy": policy})

"""Absolute links: under the address that callers use, which a request states and a setting may state better."""

import re

from starlette.requests import Request

from service.api.problems import Flaw, Refused
from service.api.wiring import Services

_AUTHORITY = re.compile(r"(?:[A-Za-z0-9._~-]{1,255}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?")


def base_of(request: Request, services: Services) -> str:
    """What an absolute link begins with, without a slash at its end.

    The setting where there is one. Otherwise the Host header, of which there is exactly one: it comes back to its
    sender alone (nothing here is kept by caches without asking again) and only if it is a host with or without port;
    headers of proxies are not believed. Where a request's target is a whole address, `service.protocol` has made its
    authority the Host.
    """
    if services.public_url is not None:
        return services.public_url
    authority = request.headers.get("host", "")
    if not _AUTHORITY.fullmatch(authority):
        zh, en = (
            "此处答复含绝对链接,需要 Host 头:主机名或地址,可带端口(或由运营者设定 TONGXING_PUBLIC_URL)",
            "absolute links need a Host header that is a host name or address, with or without port, unless whoever "
            "runs the service sets TONGXING_PUBLIC_URL",
        )
        raise Refused("bad-request", [Flaw(("",), "bad-request", zh, en)])
    return f"{request.scope['scheme']}://{authority}"

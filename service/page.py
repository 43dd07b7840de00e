"""The frame that all plain pages share: Chinese first, no script, nothing from another host."""

from html import escape


def framed(title: str, body: str) -> str:
    """A whole page; `title` is text, `body` is HTML already. No address that leads here is told to another page."""
    return f"""<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>{escape(title)}</title>
<link rel="icon" href="/assets/favicon.svg">
<link rel="stylesheet" href="/assets/tongxing.css">
</head>
<body>
<main>
{body}
</main>
</body>
</html>
"""

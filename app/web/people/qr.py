"""QR codes as pictures in the page itself (SVG): nothing is fetched from elsewhere, nothing is stored."""

import io

import segno
from markupsafe import Markup


def qr_picture(content: str) -> Markup:
    """The QR code of *content*, dark on light in every theme, as a camera needs it."""
    out = io.BytesIO()
    segno.make(content, error="m").save(
        out,
        kind="svg",
        scale=5,
        border=4,
        dark="#000",
        light="#fff",
        xmldecl=False,
        svgns=True,
        title="QR-Code für die App",
    )
    return Markup(out.getvalue().decode())  # noqa: S704 - drawn by us from modules, holds no text of anybody

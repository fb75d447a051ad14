"""Pages behind links that are mailed.

A GET only shows what the link is for, because programs that guard mailboxes open every link. The button sends
a POST to the same address, and that does it.
"""

from __future__ import annotations

import logging
from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Header
from starlette.responses import RedirectResponse, Response

from balie.customers.masking import mask_email
from balie.errands.kinds import LinkPurpose, LinkTrouble
from balie.errands.links import LinkRefused, LinkUsed
from balie.gateway.errors import LinkInvalidError
from balie.gateway.link_page import PageWords, answer_with, draw_page, spoken_on_page
from balie.gateway.services import GatewayServices, Services
from balie.gateway.tokens import ACCOUNT_LINKS_PATH, SignedLink
from balie.storage.errors import StoreUnavailableError

log = logging.getLogger(__name__)

SHOP_PAGES: Final = {LinkPurpose.CREATE_ACCOUNT: "register", LinkPurpose.NEW_PASSWORD: "forgot_password"}
"""Where a password is chosen: names of the shop's own links. Balie holds no passwords."""

_STATUS: Final = {LinkTrouble.UNKNOWN: 404, LinkTrouble.EXPIRED: 410, LinkTrouble.USED: 410}
_UNAVAILABLE: Final = PageWords(title="link_unavailable_title", text="link_unavailable")

AcceptLanguage = Annotated[str, Header()]

router = APIRouter(prefix=ACCOUNT_LINKS_PATH, include_in_schema=False)


@router.get("/{token}")
async def show_link(token: str, services: Services, accept_language: AcceptLanguage = "") -> Response:
    """What the link is for, and the button that does it."""
    signed = _read(services, token)
    if signed is None:
        return _refuse(services, LinkTrouble.UNKNOWN, _language(services, accept_language))
    try:
        opened = await services.mailed_links.service.open(signed.link_id)
    except StoreUnavailableError as error:
        return _unavailable(services, signed, error)
    if isinstance(opened, LinkRefused):
        return _refuse(services, opened.trouble, signed.language)
    name = f"link_{opened.purpose}"
    words = PageWords(
        title=f"{name}_title", text=name, button=f"{name}_button", facts={"email": opened.masked_email}
    )
    page = draw_page(services.papers.renderer, signed.language, words)
    return answer_with(page, 200, leads_to=_shop_page(services, opened.purpose))


@router.post("/{token}")
async def use_link(token: str, services: Services, accept_language: AcceptLanguage = "") -> Response:
    """Do what the link is for, once; then say so, or go on to the shop's own page."""
    signed = _read(services, token)
    if signed is None:
        return _refuse(services, LinkTrouble.UNKNOWN, _language(services, accept_language))
    try:
        used = await services.mailed_links.service.use(signed.link_id)
    except StoreUnavailableError as error:
        return _unavailable(services, signed, error)
    if isinstance(used, LinkRefused):
        return _refuse(services, used.trouble, signed.language)
    page = _shop_page(services, used.purpose)
    if page is None or services.settings.demo:
        return answer_with(draw_page(services.papers.renderer, signed.language, _done(used)), 200)
    code = urlencode({"code": services.mailed_links.codes.issue(signed.link_id, used)})
    headers = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
    return RedirectResponse(f"{page}{'&' if '?' in page else '?'}{code}", 303, headers=headers)


def _done(used: LinkUsed) -> PageWords:
    name = f"link_{used.purpose}"
    return PageWords(
        title=f"{name}_done_title",
        text=f"{name}_done" if used.is_complete else f"{name}_half",
        facts={"email": mask_email(used.email)},
    )


def _read(services: GatewayServices, token: str) -> SignedLink | None:
    try:
        return services.mailed_links.links.read(token)
    except LinkInvalidError:
        return None


def _refuse(services: GatewayServices, trouble: LinkTrouble, language: str) -> Response:
    words = PageWords(title=f"link_{trouble}_title", text=f"link_{trouble}")
    return answer_with(draw_page(services.papers.renderer, language, words), _STATUS[trouble])


def _unavailable(services: GatewayServices, signed: SignedLink, error: StoreUnavailableError) -> Response:
    log.warning("A mailed link waits for the database: %s", error)
    return answer_with(draw_page(services.papers.renderer, signed.language, _UNAVAILABLE), 503)


def _language(services: GatewayServices, accept_language: str) -> str:
    library = services.papers.renderer.library
    return spoken_on_page(accept_language, library.languages, library.default_language)


def _shop_page(services: GatewayServices, purpose: LinkPurpose) -> str | None:
    """The shop's own page that a link leads to in the end; None where Balie does all of it."""
    name = SHOP_PAGES.get(purpose)
    return None if name is None else str(services.papers.renderer.library.shop["links"][name])

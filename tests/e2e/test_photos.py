"""A customer shows what they mean: a photo from the camera, from the clipboard, over a bad line."""

import base64
import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.e2e.axe import expect_no_violations
from tests.e2e.service import RunningBalie
from tests.e2e.widget import ANSWER_WITHIN_MS, Widget
from tests.support.photos import encoded, phone_photo, red_left_blue_right

Chat = Callable[..., Widget]
SMALL_PHONE: dict[str, Any] = {
    "viewport": {"width": 360, "height": 640},
    "has_touch": True,
    "is_mobile": True,
    "color_scheme": "dark",
}


def test_a_photo_is_sent_answered_looked_at_and_still_there_after_a_reload(
    chat: Chat, balie: RunningBalie
) -> None:
    mark = f"hello {uuid4().hex[:8]}"
    widget = chat("en")
    widget.ask(mark)
    snapshot = encoded(Image.effect_noise((3000, 2000), 90).convert("RGB"), quality=90)
    assert len(snapshot) > 1_000_000

    widget.send_photo("crack.jpg", snapshot)
    widget.expect_answer("Thank you, your photo is with this conversation")
    widget.page.reload()
    widget.open()

    widget.expect_photos(1)
    expect(widget.field).to_be_visible()
    ((width, height, jpeg),) = balie.photos_said_after(mark)
    assert (width, height) == (1600, 1067)
    assert len(jpeg) < len(snapshot)
    widget.photos.click()
    expect(widget.large_photo.locator("img")).to_be_visible()
    expect_no_violations(widget.page)
    widget.page.keyboard.press("Escape")
    expect(widget.large_photo).to_be_hidden()
    expect(widget.panel).to_be_visible()
    expect(widget.photos).to_be_focused()


def test_on_a_small_phone_in_the_dark_a_photo_waits_for_the_line_and_a_wrong_file_is_told(
    chat: Chat, balie: RunningBalie
) -> None:
    mark = f"hallo {uuid4().hex[:8]}"
    widget = chat("nl", **SMALL_PHONE)
    widget.ask(mark)

    widget.page.context.set_offline(True)
    widget.send_photo("gebroken.jpg", phone_photo(orientation=6))
    widget.expect_photos(1)
    expect(widget.log.get_by_text("Wacht op verbinding")).to_be_visible()
    widget.page.context.set_offline(False)
    widget.expect_answer("je foto staat bij dit gesprek")
    widget.send_photo("factuur.jpg", b"%PDF-1.7 geen foto", "image/jpeg")
    expect(widget.log.get_by_text("gaat niet open als foto")).to_be_visible(timeout=ANSWER_WITHIN_MS)
    expect_no_violations(widget.page)

    ((width, height, jpeg),) = balie.photos_said_after(mark)
    assert (width, height) == (200, 400)
    assert not any(secret in jpeg for secret in (b"Exif", b"Telefoonmerk"))
    overflow = widget.page.evaluate("() => document.documentElement.scrollWidth - innerWidth")
    assert overflow <= 0


@pytest.mark.parametrize("way", ["paste", "drop"])
def test_a_picture_is_pasted_or_dropped_into_the_chat(chat: Chat, way: str) -> None:
    widget = chat("en")
    picture = base64.b64encode(encoded(red_left_blue_right(), "PNG")).decode()

    widget.field.evaluate(_GIVE, [way, picture])

    widget.expect_answer(re.compile("your photo is with this conversation"))
    widget.expect_photos(1)


_GIVE = """async (field, [way, picture]) => {
  const bytes = Uint8Array.from(atob(picture), (character) => character.charCodeAt(0));
  const data = new DataTransfer();
  data.items.add(new File([bytes], "picture.png", { type: "image/png" }));
  const options = { bubbles: true, composed: true, cancelable: true };
  const event = way === "paste"
    ? new ClipboardEvent("paste", { ...options, clipboardData: data })
    : new DragEvent("drop", { ...options, dataTransfer: data });
  field.dispatchEvent(event);
}"""

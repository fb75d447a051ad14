"""Links to our own pages, read elsewhere."""

from balie.channels.own_links import buttons_from_outside
from balie.conversations.views import VisibleButton


def test_only_links_by_path_are_completed() -> None:
    buttons = [
        VisibleButton("Bekijk", url="/products/DD-1?balie=0a1b", card=0),
        VisibleButton("Bekijk", url="https://shop.example/tent", card=1),
        VisibleButton("In mandje", id="x", card=1),
    ]

    assert buttons_from_outside(buttons, "https://balie.shop.example") == [
        VisibleButton("Bekijk", url="https://balie.shop.example/products/DD-1?balie=0a1b", card=0),
        *buttons[1:],
    ]

"""The words of errands: what can be asked for, and what stands in the way."""

from __future__ import annotations

from enum import StrEnum


class Undertaking(StrEnum):
    """What is done in one transaction."""

    OPEN_CASE = "open_case"
    NEWSLETTER = "newsletter"
    STOCK_ALERT = "stock_alert"
    REVIEW = "review"
    COLLECTION = "collection"
    EDIT_ACCOUNT = "edit_account"
    SET_ADDRESS = "set_address"
    SWITCH_ACCOUNT = "switch_account"
    DELETE_ACCOUNT = "delete_account"
    MAIL_LINK = "mail_link"
    ADD_TO_BASKET = "add_to_basket"
    USE_DISCOUNT = "use_discount"
    CHECK_GIFT_CARD = "check_gift_card"


class Obstacle(StrEnum):
    """Why something is not done."""

    ALREADY_SO = "already_so"
    IN_STOCK = "in_stock"
    NOT_IN_STORE = "not_in_store"
    NOT_SOLD = "not_sold"
    NOT_BOUGHT = "not_bought"
    NOT_COLLECTABLE = "not_collectable"
    INVALID_STARS = "invalid_stars"
    INVALID_NAME = "invalid_name"
    INVALID_PHONE = "invalid_phone"
    INVALID_EMAIL = "invalid_email"
    INVALID_ADDRESS = "invalid_address"
    COUNTRY_NOT_SERVED = "country_not_served"
    OPEN_ORDERS = "open_orders"
    MONEY_ON_ITS_WAY = "money_on_its_way"
    TOO_MANY = "too_many"
    CHANGED_MEANWHILE = "changed_meanwhile"
    # Of baskets and codes, as balie.baskets names them.
    UNKNOWN = "unknown"
    EXPIRED = "expired"
    NOT_YET = "not_yet"
    MINIMUM_NOT_REACHED = "minimum_not_reached"
    USED = "used"
    NOT_YOURS = "not_yours"
    NOT_COMBINABLE = "not_combinable"
    OTHER_CURRENCY = "other_currency"
    EMPTY = "empty"
    TOO_MANY_TRIES = "too_many_tries"
    NOT_A_QUANTITY = "not_a_quantity"
    OUT_OF_STOCK = "out_of_stock"
    BASKET_FULL = "basket_full"


class LinkPurpose(StrEnum):
    """What a mailed link does."""

    CREATE_ACCOUNT = "create_account"
    NEW_PASSWORD = "new_password"  # noqa: S105 (a word, no password)
    CONFIRM_EMAIL = "confirm_email"
    NEWSLETTER = "newsletter"


class LinkTrouble(StrEnum):
    """Why a mailed link does nothing."""

    EXPIRED = "expired"
    USED = "used"
    UNKNOWN = "unknown"

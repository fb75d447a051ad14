"""The words that the order tables may hold."""

from __future__ import annotations

from enum import StrEnum


class DeliveryMethod(StrEnum):
    """How the customer wanted to get the order."""

    STANDARD = "standard"
    EVENING = "evening"
    SAME_DAY = "same_day"
    PICKUP_POINT = "pickup_point"
    BIKE = "bike"
    BULKY = "bulky"
    CLICK_AND_COLLECT = "click_and_collect"


class PaymentMethod(StrEnum):
    """How the customer paid."""

    IDEAL = "ideal"
    BANCONTACT = "bancontact"
    CREDIT_CARD = "credit_card"
    PAYPAL = "paypal"
    APPLE_GOOGLE_PAY = "apple_google_pay"
    KLARNA = "klarna"
    GIFT_CARD = "gift_card"


class PaymentFailure(StrEnum):
    """Why a try to pay came to nothing."""

    CARD_DECLINED = "card_declined"
    INSUFFICIENT_FUNDS = "insufficient_funds"
    ABANDONED = "abandoned"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    TECHNICAL = "technical"


class ShipmentEventKind(StrEnum):
    """What a carrier reports about a parcel, in the order in which it usually happens."""

    ANNOUNCED = "announced"
    HANDED_OVER = "handed_over"
    SORTED = "sorted"
    DELAYED = "delayed"
    OUT_FOR_DELIVERY = "out_for_delivery"
    DELIVERY_FAILED = "delivery_failed"
    AT_PICKUP_POINT = "at_pickup_point"
    DELIVERED = "delivered"
    SENT_BACK = "sent_back"


class InvoiceKind(StrEnum):
    """What a numbered document says: pay this, or this is given back."""

    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"


class ReturnReason(StrEnum):
    """Why an item came back."""

    TOO_SMALL = "too_small"
    TOO_LARGE = "too_large"
    NOT_AS_EXPECTED = "not_as_expected"
    DAMAGED = "damaged"
    WRONG_ITEM = "wrong_item"
    CHANGED_MIND = "changed_mind"


class ReturnMethod(StrEnum):
    """How an item comes back."""

    PARCEL = "parcel"
    STORE = "store"
    PICK_UP = "pick_up"


class Undertaking(StrEnum):
    """What is done in one transaction."""

    CANCEL_ORDER = "cancel_order"
    CHANGE_LINES = "change_lines"
    CHANGE_ADDRESS = "change_address"
    RETURN_ITEMS = "return_items"
    REFUND = "refund"
    REPORT_PROBLEM = "report_problem"

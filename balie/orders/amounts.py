"""Arithmetic of changes in whole cents: nothing is rounded twice, and nothing is lost between parts. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Settlement:
    """What makes things even: money back to the customer, or money still to pay; never both."""

    refund_minor: int
    to_pay_minor: int


def settle(*, paid_minor: int, given_back_minor: int, total_minor: int) -> Settlement:
    """What is owed, and to whom, once an order costs ``total_minor``.

    >>> settle(paid_minor=5000, given_back_minor=0, total_minor=3500)
    Settlement(refund_minor=1500, to_pay_minor=0)
    """
    balance = paid_minor - given_back_minor - total_minor
    return Settlement(max(balance, 0), max(-balance, 0))


def share_of_discount(discount_minor: int, part_minor: int, goods_minor: int) -> int:
    """How much of a discount falls on a part of the goods, to the nearest cent.

    Shares of growing parts only grow, and the share of everything is everything: what is refunded in steps
    adds up exactly (see :func:`value_of_part`).

    >>> share_of_discount(1000, 3000, 9000)
    333
    """
    if goods_minor <= 0:
        return 0
    part = min(max(part_minor, 0), goods_minor)
    return (2 * discount_minor * part + goods_minor) // (2 * goods_minor)


def value_of_part(*, before_minor: int, part_minor: int, goods_minor: int, discount_minor: int) -> int:
    """What was paid for some pieces of an order, given what came back before them.

    Args:
        before_minor: Price of the pieces that came back earlier, without discount.
        part_minor: Price of these, without discount.
        goods_minor: Price of all pieces of the order, without discount.
        discount_minor: Taken off all of them together.
    """
    earlier = share_of_discount(discount_minor, before_minor, goods_minor)
    until_now = share_of_discount(discount_minor, before_minor + part_minor, goods_minor)
    return part_minor - (until_now - earlier)


def discount_after(*, discount_minor: int, goods_before_minor: int, goods_after_minor: int) -> int:
    """The discount on an order whose goods change: it shrinks with them and never grows.

    >>> discount_after(discount_minor=1000, goods_before_minor=10000, goods_after_minor=5000)
    500
    """
    if goods_before_minor <= 0:
        return min(discount_minor, max(goods_after_minor, 0))
    return share_of_discount(discount_minor, goods_after_minor, goods_before_minor)

"""The desk: the lists that a person has, how many stand in each, a page of one, and the way back to it."""

from feedback.inbox.counts import (
    counted,
    length,
    lengths,
    most_counted,
    opening,
    seen_in,
    shown,
    tally,
)
from feedback.inbox.drawers import (
    ALWAYS,
    DRAWERS,
    GOES_ON,
    REPORT_OWED,
    Drawer,
    by_need,
    drawers_of,
    in_doubt,
)
from feedback.inbox.order import Order
from feedback.inbox.pages import LISTED, PAGE, Page, Row, page, row
from feedback.inbox.way_back import Whence, whence

__all__ = [
    "ALWAYS",
    "DRAWERS",
    "GOES_ON",
    "LISTED",
    "PAGE",
    "REPORT_OWED",
    "Drawer",
    "Order",
    "Page",
    "Row",
    "Whence",
    "by_need",
    "counted",
    "drawers_of",
    "in_doubt",
    "length",
    "lengths",
    "most_counted",
    "opening",
    "page",
    "row",
    "seen_in",
    "shown",
    "tally",
    "whence",
]

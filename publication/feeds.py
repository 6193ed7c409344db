"""What readers that are no people fetch: news of published petitions (Atom), where they all are (sitemap)."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import linebreaks
from django.utils.text import Truncator
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from accounts.links import absolute
from feedback.public import legible, published
from publication.filters import ListFilter
from publication.paging import page
from publication.views import for_everyone
from routing.calendar import DAY, moment

XML = "application/xml; charset=utf-8"
MOST_OF_TITLE = 200
MOST = 50_000  # addresses in one sitemap, as the protocol has it


class Feed(Atom1Feed):
    """One without entries says the same all day: what has nothing new is not sent again."""

    def latest_post_date(self) -> dt.datetime:
        newest: dt.datetime = super().latest_post_date()
        return newest if self.items else moment(localtime(newest).date(), dt.time.min)


# --- news -------------------------------------------------------------------------------------------------


@for_everyone
def atom(request: HttpRequest) -> HttpResponse:
    """The newest page of the list as a feed, narrowed as the list is; 400 for what it cannot be narrowed by.

    A reader of feeds is no person who could be told that a filter was left out.
    """
    form = ListFilter(request.GET)
    if form.errors:
        return HttpResponse(form.errors.as_text(), status=400, content_type="text/plain; charset=utf-8")
    asked = f"?{urlencode(form.chosen)}" if form.chosen else ""
    rows = page(form.narrow(published()), None).rows
    feed = Feed(
        title=_("Phản ánh công khai"),
        link=absolute(reverse("publication:list") + asked),
        feed_url=absolute(request.get_full_path()),
        feed_guid=absolute(reverse("publication:atom") + asked),  # narrowed it is another feed
        description=None,
        language="vi",
    )
    for row in rows:
        feed.add_item(**_entry(row))
    return HttpResponse(feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")


def _entry(row: Any) -> dict[str, Any]:
    address = absolute(reverse("publication:petition", args=[row.code]))
    said = legible("\n\n".join(filter(None, [row.text, row.current_answer])))
    return {
        "title": Truncator(legible(row.heading)).chars(MOST_OF_TITLE),
        "link": address,
        "unique_id": address,
        "description": linebreaks(said, autoescape=True),
        "pubdate": row.published_at,
        "updateddate": row.updated_at,
        "author_name": row.lead.name if row.lead else "Hồi Âm",  # an entry without one is not valid
        "categories": [row.subfield.field.name_vi] if row.subfield else (),
    }


# --- where everything is ----------------------------------------------------------------------------------


@for_everyone
def sitemaps(request: HttpRequest) -> HttpResponse:
    """`/sitemap.xml`: one sitemap for each day on which something was published, and one of the pages."""
    days = published().order_by().datetimes("published_at", "day", order="DESC")[: MOST - 1]
    parts = [reverse("publication:sitemap_of_pages")]
    parts += [reverse("publication:sitemap", args=[localtime(day).date().isoformat()]) for day in days]
    return _xml(request, "sitemaps", [absolute(path) for path in parts])


PAGES = (
    *("feedback:home", "feedback:file", "publication:list", "publication:map", "publication:statistics"),
    "publication:reports",
)


@for_everyone
def sitemap_of_pages(request: HttpRequest) -> HttpResponse:
    return _xml(request, "sitemap", [(absolute(reverse(name)), None) for name in PAGES])


@for_everyone
def sitemap(request: HttpRequest, day: str) -> HttpResponse:
    """What was published on that local day and still is."""
    first, last = _midnights(day)
    rows = published().filter(published_at__gte=first, published_at__lt=last).order_by("-published_at")
    told = rows.values_list("code", "updated_at")[:MOST]
    return _xml(
        request,
        "sitemap",
        [(absolute(reverse("publication:petition", args=[code])), at) for code, at in told],
    )


def _midnights(day: str) -> tuple[dt.datetime, dt.datetime]:
    """At both ends of a local day; nothing was published on one that no calendar of ours holds."""
    try:
        first = moment(dt.date.fromisoformat(day), dt.time.min)
    except (ValueError, OverflowError):
        raise Http404 from None
    if not FIRST_YEAR <= first.year <= LAST_YEAR:
        raise Http404
    return first, first + DAY


FIRST_YEAR, LAST_YEAR = 2000, 2100  # as the filters have it


def _xml(request: HttpRequest, template: str, addresses: list[Any]) -> HttpResponse:
    return render(request, f"publication/{template}.xml", {"addresses": addresses}, content_type=XML)


@for_everyone
def robots(request: HttpRequest) -> HttpResponse:
    """`/robots.txt`: what is not for everybody is for no machine either."""
    closed = [*map(reverse, CLOSED), "/bien-nhan/"]
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed), ""]
    lines.append(f"Sitemap: {absolute(reverse('publication:sitemaps'))}")
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")


CLOSED = ("feedback:desk", "feedback:board", "feedback:track", "accounts:login", "admin:index")

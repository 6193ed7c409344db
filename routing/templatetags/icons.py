"""`{% icon "clock" %}`: a sign of the sprite, for those who see; it stands some eighty times on a page."""

from functools import lru_cache

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
@lru_cache(maxsize=500)
def icon(name: str) -> SafeString:
    """The sign of this name of `static/vendor/lucide/icons.svg`; whoever hears the page hears nothing."""
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        static("vendor/lucide/icons.svg"),
        name,
    )

"""`routing.telling` for templates."""

from django import template

from routing import telling
from routing.called import called

register = template.Library()
register.filter("day", telling.day)
register.filter("short_day", telling.short_day)
register.filter("moment", telling.moment)
register.filter("number", telling.number)
register.filter("of_a_day", telling.of_a_day)
register.filter("called", called)

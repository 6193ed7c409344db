"""What an administrator changed: the values before and after; who and when Django keeps beside it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.http import HttpRequest

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Any]
else:
    ModelAdmin = admin.ModelAdmin

UNTOLD = frozenset({"password"})  # a secret's value is kept nowhere, not even its hash


class ChangesKept(ModelAdmin):
    """Writes “vai trò: handler → approver” into the history where Django writes “vai trò”."""

    def construct_change_message(
        self, request: HttpRequest, form: Any, formsets: Any, add: bool = False
    ) -> list[dict[str, dict[str, Any]]]:
        told = super().construct_change_message(request, form, formsets, add)
        changed = [form, *_changed(formsets or [])]
        main = [entry["changed"] for entry in told if "changed" in entry]
        if not form.changed_data or add:
            changed = changed[1:]
        for entry, of in zip(main, changed, strict=False):
            entry["fields"] = list(_values(of))
        return told


def _changed(formsets: Iterable[Any]) -> Iterator[Any]:
    """The forms of the rows beneath that were changed, in the order in which Django tells of them."""
    for formset in formsets:
        rows = {row.pk for row, _fields in formset.changed_objects}
        yield from (form for form in formset.initial_forms if form.instance.pk in rows)


def _values(form: Any) -> Iterator[str]:
    for name in form.changed_data:
        label = form.fields[name].label or name
        if name in UNTOLD:
            yield str(label)
        else:
            yield f"{label}: {_shown(form.initial.get(name))} → {_shown(form.cleaned_data.get(name))}"


def _shown(value: Any) -> str:
    """As it is stored: a row by its key, nothing by a dash."""
    return "–" if value in (None, "") else str(getattr(value, "pk", value))

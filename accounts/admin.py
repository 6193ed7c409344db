"""People and their posts in the stock admin; it keeps who changed what and when."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin

from accounts.models import Post, User


class PostInline(admin.TabularInline):  # type: ignore[type-arg]  # not subscriptable at run time
    model = Post
    extra = 1
    autocomplete_fields = ["agency"]


@admin.register(User)
class PersonAdmin(UserAdmin):  # type: ignore[type-arg]
    inlines = [PostInline]
    list_display = ["username", "first_name", "last_name", "is_active", "last_login"]
    list_filter = ["is_active", "post__role"]

"""Who people are: a user and the posts that user holds."""

from django.contrib.auth.models import AbstractUser


class User(AbstractUser):
    """One person who signs in."""

"""Puts the house together; nobody imports it. Celery's application is set as soon as Django is."""

from config.celery import app as celery

__all__ = ["celery"]

"""The tables that texts are found by: numbers and codes, no words."""

from __future__ import annotations

import datetime as dt

from django.db import models

FIRST_DAY = dt.date(2000, 1, 1)
LAST = 32767  # the day of SmallInteger's end: in 2089


def day_of(on: dt.date) -> int:
    """Days since 1 January 2000, held within what a column of two bytes takes."""
    return max(-LAST, min(LAST, (on - FIRST_DAY).days))


class Signature(models.Model):
    """What one petition's text says, where and when: 64 minima (classifier.duplicates), no words.

    Petitions are known here by their number alone: what they are stands above this folder. The public words
    of one stand under its number with a minus.
    """

    petition = models.BigIntegerField(primary_key=True)
    minima = models.BinaryField(max_length=256)
    province = models.CharField(max_length=2)
    commune = models.CharField(max_length=5, blank=True)
    day = models.SmallIntegerField()

    def __str__(self) -> str:
        return str(self.petition)


class Band(models.Model):
    """One of the 21 numbers that a signature is found by; the province is mixed into the number.

    The key is the table (on SQLite without a second copy): nothing is looked up any other way, and a
    signature's bands are known from its minima.
    """

    pk = models.CompositePrimaryKey("band", "day", "signature")
    band = models.IntegerField()
    day = models.SmallIntegerField()
    signature = models.ForeignKey(
        Signature, on_delete=models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False
    )

    def __str__(self) -> str:
        return str(self.pk)

"""The day's cube: how many petitions did what on which day, and how many stood where at its end."""

from __future__ import annotations

from django.db import models


class DayCount(models.Model):
    """One number of one day. `feedback.cube.figures` says what each figure and its bucket mean.

    Flows are counted on the day of the step, for the agency that led then; stocks at the day's end.
    `counted_on` is the day of the step by which it counts. Later than `day` it is a correction (what a step
    took to another territory, or what was counted after its day was closed): no row of a closed day ever
    changes, and the sum over both is the truth.
    """

    territory = models.CharField(max_length=2, blank=True)
    figure = models.CharField(max_length=20)
    day = models.DateField()
    agency = models.CharField(max_length=150, blank=True)
    subfield = models.CharField(max_length=100, blank=True)
    kind = models.CharField(max_length=20)
    channel = models.CharField(max_length=20)
    bucket = models.CharField(max_length=30, blank=True)
    party = models.CharField(max_length=20, blank=True)  # person | organisation
    counted_on = models.DateField()
    n = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=[
                    *("territory", "figure", "day", "agency", "subfield", "kind", "channel", "bucket"),
                    *("party", "counted_on"),
                ],
                name="one_count_per_cell_and_day",
            )
        ]
        # What was counted since yesterday.
        indexes = [models.Index(fields=["counted_on"], name="count_counted_on")]

    def __str__(self) -> str:
        return f"{self.day} {self.figure} {self.bucket} {self.agency}: {self.n}"


class CountedDay(models.Model):
    """A local day whose end was counted: what stood where when it was over."""

    day = models.DateField(primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.day}"


class Forecast(models.Model):
    """What the house expected of an open petition: that it will be answered after it is due."""

    petition = models.ForeignKey("feedback.Petition", on_delete=models.CASCADE, related_name="forecasts")
    round = models.PositiveSmallIntegerField(default=1)
    made_on = models.DateField()  # the first day at whose end it was expected
    held_on = models.DateField()  # the last one
    expected_on = models.DateField()  # the day by which it was expected to be answered, as of `held_on`
    came_late = models.BooleanField(null=True)  # what came of it; None: not known yet
    # Of whom it was expected, as of `held_on`; "" where the petition had none.
    territory = models.CharField(max_length=2, blank=True)
    agency = models.CharField(max_length=150, blank=True)
    subfield = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["petition", "round"], name="one_forecast_per_round")]
        indexes = [models.Index(fields=["held_on"]), models.Index(fields=["made_on"])]

    def __str__(self) -> str:
        return f"{self.petition_id} {self.expected_on}"

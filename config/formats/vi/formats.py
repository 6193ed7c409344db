"""The Vietnamese way, short: Django's own writes `17:00 Ngày 27 tháng 11 năm 2026` into every cell."""

DATE_FORMAT = SHORT_DATE_FORMAT = "d/m/Y"
DATETIME_FORMAT = SHORT_DATETIME_FORMAT = "H:i d/m/Y"

"""The migrations of `feedback` and one more, which rebuilds both guarded tables on SQLite."""

from feedback import migrations

__path__ = [*__path__, *migrations.__path__]

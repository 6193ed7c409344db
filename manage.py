#!/usr/bin/env python
"""Run one of the house's commands; `manage.py help` lists them."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        _ = settings.INSTALLED_APPS
    except ImproperlyConfigured as nonsense:  # one line with the cure, not a traceback
        print(nonsense, file=sys.stderr)
        sys.exit(2)
    try:
        " ".join(sys.argv).encode()
    except UnicodeEncodeError:  # bytes that are no UTF-8 reach Python as halves of characters
        print("Tham số có byte không phải UTF-8.", file=sys.stderr)
        sys.exit(2)
    try:
        execute_from_command_line(sys.argv)
    except BrokenPipeError:  # the reader, `head` say, has enough: that is no fault
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    main()

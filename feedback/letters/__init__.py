"""The door by which mail comes in: read, taken for what it is, and answered once.

`reading` knows no house, `words` no letter; `taking` decides, `answering` writes back, `box` is the Maildir.
"""

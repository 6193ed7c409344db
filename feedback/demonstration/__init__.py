"""A living province to look at: invented petitions that went through the same doors as real ones.

`house.make` plays them; `plan` says who writes what and when, `writing` finds the words, `lives` lets each
petition live, `cast` gives the officials, `rhythm` the hours. Everything hangs on a seed.
"""

"""The day's cube: made of Steps alone, kept up to date step by step, and made anew when asked.

`figures` says what is counted, `chains` counts one petition's steps, `counting` keeps the table, `closing`
counts what stands at a day's end and what will be late, `reading` gives the sums to whoever may see them.
"""

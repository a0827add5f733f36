"""One file a verb: each joins reading, stages and writing; the command of the same name makes one call here.

What the functions have in common: `x(...)` takes options as keywords, and what it does is done by `x_ed(...)`, with
options as objects, for the commands. A source is a path, '-' for standard input, or a pandas.DataFrame; several are
joined on time. `reading` holds options of reading and cutting in one object or mapping; `**keywords` are the options
of the named groups in `scenred.options`. An unknown keyword is a TypeError, an input that is refused an InputError,
a request that this input cannot fulfil a RequestError.
"""

"""One file a verb: each joins reading, stages and writing; the command of the same name makes one call here."""

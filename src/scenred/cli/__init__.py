"""The command line: one file a command; flags, streams, exit codes; no arithmetic."""

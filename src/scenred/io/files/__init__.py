"""Files, streams, folders and timers: the only code that touches the world outside the process."""

"""The only rooms that touch files and streams: readers, writers, manifest."""

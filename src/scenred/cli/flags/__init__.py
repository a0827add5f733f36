"""Options become flags: attached to commands, read from texts, spelled in messages."""

"""An input of any format is opened as tables."""

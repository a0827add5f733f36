"""Text becomes a table of cells: delimiter, header, rows, footer."""

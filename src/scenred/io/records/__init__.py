"""What scenred writes about a run and reads back: tables, manifests, scorecards, findings."""

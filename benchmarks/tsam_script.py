"""What a planner writes today: read, cluster with tsam, write representatives and weights.

Usage: python tsam_script.py INPUT COLUMN ... ; prints the table, as `scenred generate` does.
"""

from __future__ import annotations

import sys

import pandas as pd
import tsam


def representatives(path: str, columns: list[str], k: int = 10) -> tuple[pd.DataFrame, pd.Series]:
    """Reduce a series to k medoid days by hierarchical clustering; values are not rescaled."""
    frame = pd.read_csv(path, index_col="time", parse_dates=True)[columns]
    result = tsam.aggregate(
        frame,
        k,
        cluster=tsam.ClusterConfig(method="hierarchical", representation="medoid"),
        preserve_column_means=False,
    )
    return result.cluster_representatives, pd.Series(result.cluster_counts)


if __name__ == "__main__":
    days, counts = representatives(sys.argv[1], sys.argv[2:])
    days.assign(weight=counts.reindex(days.index.get_level_values(0)).to_numpy()).to_csv(sys.stdout)

-- SPDX-License-Identifier: Apache-2.0
-- The direction of travel for DuckDB: see direction.py.
CREATE TEMP TABLE answers AS
WITH figures AS (
  SELECT *, CAST(period || '-01' AS DATE) AS month
  FROM read_csv('$IN', header = true, nullstr = 'c', columns = {
    'entity': 'VARCHAR', 'kpi': 'VARCHAR', 'period': 'VARCHAR', 'value': 'DECIMAL(9,1)'})
), with_previous AS (
  SELECT *, CASE WHEN lag(month) OVER series = month - INTERVAL 1 MONTH
                 THEN value - lag(value) OVER series END AS change
  FROM figures WINDOW series AS (PARTITION BY entity, kpi ORDER BY month)
), judged AS (
  SELECT entity, kpi, period, value,
    CASE WHEN change IS NULL THEN NULL WHEN abs(change) <= 0.5 THEN 'steady'
         WHEN (change > 0) = (polarity = 'high') THEN 'improving' ELSE 'worsening' END AS direction,
    CASE WHEN value IS NULL THEN 'No data'
         WHEN polarity = 'high' THEN
           CASE WHEN value >= t1 THEN 'Outstanding' WHEN value >= t2 THEN 'Good'
                WHEN value >= t3 THEN 'Requires Improvement' ELSE 'Inadequate' END
         ELSE
           CASE WHEN value < t1 THEN 'Outstanding' WHEN value < t2 THEN 'Good'
                WHEN value < t3 THEN 'Requires Improvement' ELSE 'Inadequate' END END AS band
  FROM with_previous JOIN read_csv('$THRESHOLDS', header = true, columns = {
    'kpi': 'VARCHAR', 'polarity': 'VARCHAR', 't1': 'DECIMAL(9,1)', 't2': 'DECIMAL(9,1)',
    't3': 'DECIMAL(9,1)', 'tol': 'DECIMAL(9,1)'}) USING (kpi)
)
SELECT *, CASE
    WHEN band = 'No data' THEN 'grey'
    WHEN band = 'Inadequate' THEN CASE WHEN direction = 'improving' THEN 'amber' ELSE 'red' END
    WHEN band = 'Requires Improvement' THEN
      CASE WHEN direction = 'worsening' THEN 'red' ELSE 'amber' END
    WHEN direction = 'worsening' THEN 'amber' ELSE 'green' END AS status
FROM judged;
COPY answers TO '$OUT' (FORMAT csv, HEADER true);

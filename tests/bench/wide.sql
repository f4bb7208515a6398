-- SPDX-License-Identifier: Apache-2.0
-- The wide job for DuckDB: see wide.py.
CREATE TEMP TABLE answers AS
WITH metrics AS (
  FROM read_csv('$IN', header = true, types = {'entity': 'VARCHAR', 'period': 'VARCHAR'})
  UNPIVOT INCLUDE NULLS (figure FOR metric IN (COLUMNS('^[nd][0-9]')))
), counts AS (
  SELECT entity, 'Measure ' || metric[2:] AS kpi, period,
    CAST(max(figure) FILTER (metric[1] = 'n') AS BIGINT) AS n,
    CAST(max(figure) FILTER (metric[1] = 'd') AS BIGINT) AS d
  FROM metrics GROUP BY ALL
), judged AS (
  SELECT entity, kpi, period,
    CASE WHEN d > 0 THEN CAST(((2000 * n + d) // (2 * d)) * 0.1 AS DECIMAL(9,1)) END AS value,
    CASE WHEN value IS NULL THEN 'No data'
         WHEN polarity = 'high' THEN
           CASE WHEN value >= t1 THEN 'Outstanding' WHEN value >= t2 THEN 'Good'
                WHEN value >= t3 THEN 'Requires Improvement' ELSE 'Inadequate' END
         ELSE
           CASE WHEN value < t1 THEN 'Outstanding' WHEN value < t2 THEN 'Good'
                WHEN value < t3 THEN 'Requires Improvement' ELSE 'Inadequate' END END AS band
  FROM counts JOIN read_csv('$THRESHOLDS', header = true, columns = {
    'kpi': 'VARCHAR', 'polarity': 'VARCHAR', 't1': 'DECIMAL(9,1)', 't2': 'DECIMAL(9,1)',
    't3': 'DECIMAL(9,1)', 'tol': 'DECIMAL(9,1)'}) USING (kpi)
)
SELECT *, CASE band WHEN 'No data' THEN 'grey' WHEN 'Inadequate' THEN 'red'
    WHEN 'Requires Improvement' THEN 'amber' ELSE 'green' END AS status
FROM judged;
COPY answers TO '$OUT' (FORMAT csv, HEADER true);

-- SPDX-License-Identifier: Apache-2.0
-- The job of peers for DuckDB: see peers.py. The edges of quarters are exact in doubles here.
CREATE TEMP TABLE answers AS
WITH figures AS (
  SELECT *, CAST(value * 10 AS BIGINT) AS v
  FROM read_csv('$IN', header = true, nullstr = 'c', columns = {
    'entity': 'VARCHAR', 'kpi': 'VARCHAR', 'period': 'VARCHAR', 'value': 'DECIMAL(9,1)'})
), neighbours AS (
  SELECT f.entity, f.kpi, f.period, count(p.v) AS n, CAST(sum(p.v) AS BIGINT) AS s
  FROM figures f
  JOIN read_csv('neighbours.csv', header = true) b ON f.entity = b.entity
  JOIN figures p ON p.entity = b.neighbour AND p.kpi = f.kpi AND p.period = f.period
  GROUP BY ALL HAVING n >= 5
), everyone AS (
  SELECT kpi, period, quantile_cont(v, [0.25, 0.5, 0.75]) AS edges
  FROM figures GROUP BY ALL HAVING count(v) >= 100
), placed AS (
  SELECT f.entity, f.kpi, f.period, f.value, f.v, polarity, n, s,
    CASE WHEN n IS NULL THEN NULL WHEN polarity = 'high' THEN 10 * (s - n * v) > s
         ELSE 10 * (n * v - s) > s END AS far_worse,
    CASE WHEN polarity = 'high' THEN v <= edges[1] ELSE v > edges[3] END AS last_quarter,
    CASE WHEN value IS NULL THEN 'No data'
         WHEN polarity = 'high' THEN
           CASE WHEN value >= t1 THEN 'Outstanding' WHEN value >= t2 THEN 'Good'
                WHEN value >= t3 THEN 'Requires Improvement' ELSE 'Inadequate' END
         ELSE
           CASE WHEN value < t1 THEN 'Outstanding' WHEN value < t2 THEN 'Good'
                WHEN value < t3 THEN 'Requires Improvement' ELSE 'Inadequate' END END AS band
  FROM figures f LEFT JOIN neighbours USING (entity, kpi, period)
    LEFT JOIN everyone USING (kpi, period)
    JOIN read_csv('$THRESHOLDS', header = true, columns = {
      'kpi': 'VARCHAR', 'polarity': 'VARCHAR', 't1': 'DECIMAL(9,1)', 't2': 'DECIMAL(9,1)',
      't3': 'DECIMAL(9,1)', 'tol': 'DECIMAL(9,1)'}) USING (kpi)
)
SELECT entity, kpi, period, value,
  CAST(((2 * s + n) // (2 * n)) * 0.1 AS DECIMAL(9,1)) AS neighbours_mean, band, CASE
    WHEN band = 'No data' THEN 'grey' WHEN far_worse THEN 'red' WHEN last_quarter THEN 'amber'
    WHEN band IN ('Outstanding', 'Good') THEN 'green' ELSE 'amber' END AS status
FROM placed;
COPY answers TO '$OUT' (FORMAT csv, HEADER true);

-- SPDX-License-Identifier: Apache-2.0
-- The history of a figure for DuckDB: see history.py.
CREATE TEMP TABLE answers AS
WITH figures AS (
  SELECT *, CAST(period || '-01' AS DATE) AS month
  FROM read_csv('$IN', header = true, nullstr = 'c', columns = {
    'entity': 'VARCHAR', 'kpi': 'VARCHAR', 'period': 'VARCHAR', 'value': 'DECIMAL(9,1)'})
), windows AS (
  SELECT *, CASE WHEN lag(month) OVER series = month - INTERVAL 1 MONTH
                 THEN value - lag(value) OVER series END AS change,
    sum(CAST(value * 10 AS BIGINT)) OVER year AS year_sum, count(value) OVER year AS year_n
  FROM figures WINDOW series AS (PARTITION BY entity, kpi ORDER BY month),
    year AS (PARTITION BY entity, kpi ORDER BY month
             RANGE BETWEEN INTERVAL 11 MONTHS PRECEDING AND CURRENT ROW)
), judged AS (
  SELECT entity, kpi, period, value, polarity,
    CASE WHEN year_n >= 10 THEN CAST(year_sum AS BIGINT) END AS year_tenths, year_n,
    CASE WHEN change IS NULL THEN NULL WHEN abs(change) <= 0.5 THEN 'steady'
         WHEN (change > 0) = (polarity = 'high') THEN 'improving' ELSE 'worsening' END AS direction,
    CASE WHEN value IS NULL THEN 'No data'
         WHEN polarity = 'high' THEN
           CASE WHEN value >= t1 THEN 'Outstanding' WHEN value >= t2 THEN 'Good'
                WHEN value >= t3 THEN 'Requires Improvement' ELSE 'Inadequate' END
         ELSE
           CASE WHEN value < t1 THEN 'Outstanding' WHEN value < t2 THEN 'Good'
                WHEN value < t3 THEN 'Requires Improvement' ELSE 'Inadequate' END END AS band
  FROM windows JOIN read_csv('$THRESHOLDS', header = true, columns = {
    'kpi': 'VARCHAR', 'polarity': 'VARCHAR', 't1': 'DECIMAL(9,1)', 't2': 'DECIMAL(9,1)',
    't3': 'DECIMAL(9,1)', 'tol': 'DECIMAL(9,1)'}) USING (kpi)
)
SELECT entity, kpi, period, value,
  CAST(((2 * year_tenths + year_n) // (2 * year_n)) * 0.1 AS DECIMAL(9,1)) AS year_mean,
  direction, band, CASE
    WHEN band = 'No data' THEN 'grey'
    WHEN band = 'Inadequate' AND CASE WHEN polarity = 'high' THEN value * 10 * year_n < year_tenths
                                      ELSE value * 10 * year_n > year_tenths END THEN 'red'
    WHEN direction = 'worsening' THEN 'amber'
    WHEN band IN ('Outstanding', 'Good') THEN 'green' ELSE 'amber' END AS status
FROM judged;
COPY answers TO '$OUT' (FORMAT csv, HEADER true);

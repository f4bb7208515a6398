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
), steps AS (
  SELECT entity, kpi, period, CAST(value * 10 AS BIGINT) AS v,
    year(month) * 12 + month(month) AS m,
    CASE WHEN m - lag(m) OVER series = 1 THEN v - lag(v) OVER series END AS step
  FROM figures WHERE value IS NOT NULL WINDOW series AS (PARTITION BY entity, kpi ORDER BY month)
), limits AS (
  -- the mean is s / n, the mean moving range r / c
  SELECT entity, kpi, count(*) AS n, CAST(sum(v) AS BIGINT) AS s, count(step) AS c,
    CAST(sum(abs(step)) AS BIGINT) AS r
  FROM steps GROUP BY ALL HAVING n >= 12 AND c > 0
), places AS (
  -- how far from the mean, and the limit's distance, both times 100 * n * c
  SELECT entity, kpi, period, m, step, 100 * c * (n * v - s) AS off, 266 * r * n AS reach
  FROM steps JOIN limits USING (entity, kpi)
), runs AS (
  SELECT entity, kpi, period, off, reach,
    m - lag(m, 6) OVER series = 6 AS whole,
    count(*) FILTER (step > 0) OVER six AS n_up, count(*) FILTER (step < 0) OVER six AS n_down,
    count(*) FILTER (off > 0) OVER seven AS n_above, count(*) FILTER (off < 0) OVER seven AS n_below,
    CASE WHEN m - lag(m) OVER series = 1 THEN lag(off) OVER series END AS off_1,
    CASE WHEN m - lag(m, 2) OVER series = 2 THEN lag(off, 2) OVER series END AS off_2
  FROM places WINDOW series AS (PARTITION BY entity, kpi ORDER BY m),
    six AS (PARTITION BY entity, kpi ORDER BY m ROWS 5 PRECEDING),
    seven AS (PARTITION BY entity, kpi ORDER BY m ROWS 6 PRECEDING)
), signals AS (
  SELECT entity, kpi, period, CASE
    WHEN abs(off) > reach THEN sign(off)
    WHEN whole AND n_up = 6 THEN 1 WHEN whole AND n_down = 6 THEN -1
    WHEN 3 * off > 2 * reach AND (3 * off_1 > 2 * reach OR 3 * off_2 > 2 * reach) THEN 1
    WHEN -3 * off > 2 * reach AND (-3 * off_1 > 2 * reach OR -3 * off_2 > 2 * reach) THEN -1
    WHEN whole AND n_above = 7 THEN 1 WHEN whole AND n_below = 7 THEN -1 ELSE 0 END AS signal
  FROM runs
), judged AS (
  SELECT entity, kpi, period, value, polarity,
    CASE WHEN signal = 0 THEN 'common_cause' WHEN (signal > 0) = (polarity = 'high') THEN 'improving'
         WHEN signal IS NOT NULL THEN 'concerning' END AS variation,
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
  FROM windows LEFT JOIN signals USING (entity, kpi, period) JOIN read_csv('$THRESHOLDS', header = true, columns = {
    'kpi': 'VARCHAR', 'polarity': 'VARCHAR', 't1': 'DECIMAL(9,1)', 't2': 'DECIMAL(9,1)',
    't3': 'DECIMAL(9,1)', 'tol': 'DECIMAL(9,1)'}) USING (kpi)
)
SELECT entity, kpi, period, value,
  CAST(((2 * year_tenths + year_n) // (2 * year_n)) * 0.1 AS DECIMAL(9,1)) AS year_mean,
  direction, variation, band, CASE
    WHEN band = 'No data' THEN 'grey'
    WHEN band = 'Inadequate' AND CASE WHEN polarity = 'high' THEN value * 10 * year_n < year_tenths
                                      ELSE value * 10 * year_n > year_tenths END THEN 'red'
    WHEN variation = 'concerning' THEN 'red'
    WHEN direction = 'worsening' THEN 'amber'
    WHEN band IN ('Outstanding', 'Good') THEN 'green' ELSE 'amber' END AS status
FROM judged;
COPY answers TO '$OUT' (FORMAT csv, HEADER true);
